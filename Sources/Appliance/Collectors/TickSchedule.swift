/// When a collector's turns come: at whole intervals after its start, so that no delay adds up.
struct TickSchedule<Instant: InstantProtocol> where Instant.Duration == Duration {
    private let interval: Duration
    private var next: Instant

    /// The first turn is at `start`.
    init(start: Instant, interval: Duration) {
        self.interval = max(interval, .milliseconds(1))
        next = start
    }

    /// The next turn that is still to come, and how many had to be left out before it.
    mutating func advance(now: Instant) -> (turn: Instant, missed: Int) {
        next = next.advanced(by: interval)
        guard next < now else { return (next, 0) }
        // In whole nanoseconds: a quotient of floating point would leave out one turn too many now and then.
        let (late, step) = (next.duration(to: now).nanoseconds, interval.nanoseconds)
        let missed = Int((late + step - 1) / step)
        next = next.advanced(by: interval * missed)
        return (next, missed)
    }
}

extension Duration {
    /// Whole nanoseconds, enough for 292 years.
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
