/// The time of a simulation.
public struct SimulatedClock: Sendable {
    /// Seconds since 1970 when the simulation began.
    public let start: Double
    /// Time since then; never goes back.
    public let elapsed: @Sendable () -> Duration

    public init(start: Double, elapsed: @escaping @Sendable () -> Duration) {
        self.start = start
        self.elapsed = elapsed
    }

    /// Runs with the machine's own monotonic time.
    public static func running(from start: Double) -> SimulatedClock {
        let origin = ContinuousClock.now
        return SimulatedClock(start: start) { ContinuousClock.now - origin }
    }
}
