/// A device that fails now and then: bad checksums, then nothing, then it is back.
public struct SimulatedFault: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case healthy
        case damagedAnswers
        case absent
    }

    /// Seconds from one failure to the next.
    public let period: Double
    /// How long answers are damaged before the device is gone, and how long it is gone, in seconds.
    public let damaged: Double
    public let absent: Double

    public init(period: Double = 900, damaged: Double = 45, absent: Double = 60) {
        self.period = period
        self.damaged = damaged
        self.absent = absent
    }

    /// The state at a time since the simulation began; the first failure is in the middle of the first period.
    public func state(at time: Double) -> State {
        let position = (time + period / 2).truncatingRemainder(dividingBy: period)
        guard time >= 0, time + period / 2 >= period else { return .healthy }
        if position < damaged { return .damagedAnswers }
        return position < damaged + absent ? .absent : .healthy
    }
}
