/// Decides from what was seen whether the unit lives.
///
/// No timer makes it alive: only stored readings do.
struct LivenessDecider {
    enum State: Hashable {
        case starting
        case alive
        /// Nothing stored for so many milliseconds.
        case stalled(milliseconds: Int64)
    }

    /// A last stored batch older than this, in milliseconds, is no sign of life.
    let limit: Int64

    /// - Parameters:
    ///   - shortest: The shortest interval of all collectors.
    ///   - margin: What a busy machine may be late.
    init(shortest: Duration, margin: Duration) {
        let (seconds, attoseconds) = (shortest * 2 + margin).components
        limit = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// - Parameters:
    ///   - lastStored: Milliseconds since boot; nil when nothing was stored yet.
    ///   - now: Milliseconds since boot.
    func state(lastStored: Int64?, now: Int64) -> State {
        guard let lastStored else { return .starting }
        let age = now - lastStored
        return age > limit ? .stalled(milliseconds: age) : .alive
    }
}
