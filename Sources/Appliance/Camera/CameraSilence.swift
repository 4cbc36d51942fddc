import Site

/// Which camera records nothing although it should: decided from the times of its newest clips, no clock, no I/O.
struct CameraSilence {
    enum Change: Hashable, Sendable {
        /// Milliseconds since its newest clip, or since it could have recorded one.
        case silent(camera: String, since: Int64)
        case back(camera: String, after: Int64)
    }

    private struct State {
        var isSilent = false
        /// Of its newest clip, when it fell silent.
        var last: Int64
    }

    /// For a camera whose habit is not known yet: six hours, in milliseconds.
    static let unknownHabit: Int64 = 21_600_000

    private var states: [String: State] = [:]
    /// Since when a drive has been there to record to; nil while there is none.
    private var start: Int64?

    /// - Parameters:
    ///   - newest: Wall milliseconds of the newest clips, by camera.
    ///   - habits: Milliseconds of silence that would be unusual, by camera.
    ///   - now: By a clock that is trusted.
    mutating func look(
        _ cameras: [String], newest: [String: Int64], habits: [String: Int64], at now: Int64
    ) -> [Change] {
        let start = start ?? now
        self.start = start
        return cameras.compactMap { camera in
            // Clips of a camera whose clock is ahead are as new as can be.
            let clip = newest[camera].map { min(now, $0) }
            let last = clip ?? start
            // Without a drive it could not record: that time is not held against it.
            let since = now - max(last, start)
            var state = states[camera] ?? State(last: last)
            defer { states[camera] = state }
            // An empty drive that was put in says nothing of the camera.
            if state.isSilent, let clip, clip > state.last {
                let after = clip - max(state.last, start)
                state = State(last: clip)
                return .back(camera: camera, after: after)
            }
            guard !state.isSilent, since > habits[camera] ?? Self.unknownHabit else { return nil }
            state = State(isSilent: true, last: last)
            return .silent(camera: camera, since: since)
        }
    }

    /// There is no drive to record to, or it takes no data.
    mutating func cannotRecord() { start = nil }
}
