/// One value of one metric at one time, or the reason why there is none.
public struct Reading: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case value(Double)
        case noData(NoData)
    }

    public let metric: Metric
    public let time: Timestamp
    public let outcome: Outcome

    /// A measured value; one that is not finite becomes `outOfRange`, so that NaN never reaches a reader.
    public init(_ metric: Metric, at time: Timestamp, value: Double) {
        self.metric = metric
        self.time = time
        self.outcome = value.isFinite ? .value(value) : .noData(NoData(.outOfRange, "the value is not a number"))
    }

    public init(_ metric: Metric, at time: Timestamp, noData: NoData) {
        self.metric = metric
        self.time = time
        self.outcome = .noData(noData)
    }

    // Not inlined: Swift 6.3's optimiser breaks the ownership of a reading that comes out of a dictionary.
    @inline(never)
    public var value: Double? {
        if case .value(let value) = outcome { value } else { nil }
    }

    @inline(never)
    public var noData: NoData? {
        if case .noData(let noData) = outcome { noData } else { nil }
    }
}

/// What one collector found in one go: all readings share one time, and come again after `interval`.
public struct ReadingBatch: Hashable, Sendable {
    public let time: Timestamp
    /// The planned distance to the next batch of the same collector.
    public let interval: Duration
    public let readings: [Reading]

    public init(time: Timestamp, interval: Duration, readings: [Reading]) {
        self.time = time
        self.interval = interval
        self.readings = readings
    }
}
