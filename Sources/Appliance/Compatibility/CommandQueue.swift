import Site

/// What clients of other products ask for, one request after the other, whichever way it comes in.
///
/// As in a box: no two requests act by turns, and one that has begun is brought to its end though its client hangs up, or
/// the service stops. What had to wait for seconds is not done: its client has given up, and somebody may have done
/// otherwise meanwhile.
actor CommandQueue {
    /// Requests that wait or are under way.
    private(set) var waiting = 0
    /// The end of the newest request: those behind it wait for it.
    private var last: Task<Void, Never>?

    private static let mostWaiting = 8

    /// Does the work when its turn comes.
    ///
    /// Work that asks for a turn itself would wait for its own end.
    ///
    /// - Parameters:
    ///   - patience: For how long it may have waited.
    ///   - now: The clock by which that is measured.
    /// - Returns: What the work returns; nil when it was not done, for what waits already or for how long it waited.
    func take<Value: Sendable>(
        within patience: Duration, by now: @escaping @Sendable () -> Timestamp,
        _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        guard waiting < Self.mostWaiting else { return nil }
        waiting += 1
        let (before, since) = (last, now().monotonic)
        let mine = Task { () -> Value? in
            _ = await before?.value
            defer { waiting -= 1 }
            guard now().monotonic - since <= patience.relayMilliseconds else { return nil }
            return await work()
        }
        last = Task { _ = await mine.value }
        return await mine.value
    }
}
