/// What a chart asks of history.
public struct SeriesQuery: Hashable, Sendable {
    /// How finely the answer is divided.
    public enum Step: Hashable, Sendable {
        /// Every stored sample, as it was measured.
        case raw
        /// One point per so many seconds (at least 1).
        case seconds(Int)
        /// The coarsest stored resolution that still gives about this many points over the range.
        case points(Int)
    }

    /// Names as in `Metric.name`; a bare sensor id means its first quantity.
    public var metrics: [String]
    /// Wall milliseconds, inclusive.
    public var from: Int64
    /// Wall milliseconds, exclusive.
    public var to: Int64
    public var step: Step
    /// At most so many points in one answer; the rest is reached by `cursor`.
    public var limit: Int
    /// Where an earlier answer stopped (`SeriesAnswer.next`).
    public var cursor: String?

    public init(
        metrics: [String], from: Int64, to: Int64, step: Step = .points(600), limit: Int = 10_000, cursor: String? = nil
    ) {
        self.metrics = metrics
        self.from = from
        self.to = to
        self.step = step
        self.limit = limit
        self.cursor = cursor
    }
}

/// One point of a series: a raw sample (`count` 1), or a bucket of `step` seconds that begins at `time`.
public struct SeriesPoint: Hashable, Sendable {
    /// Wall milliseconds.
    public var time: Int64
    public var min: Double
    public var mean: Double
    public var max: Double
    /// How many values are in it.
    public var count: Int

    public init(time: Int64, min: Double, mean: Double, max: Double, count: Int) {
        self.time = time
        self.min = min
        self.mean = mean
        self.max = max
        self.count = count
    }
}

/// A stretch without values, and why; `reason` is nil where nothing was recorded at all (the unit was off).
public struct SeriesGap: Hashable, Sendable, Codable {
    /// Wall milliseconds, inclusive.
    public var from: Int64
    /// Wall milliseconds, exclusive.
    public var to: Int64
    public var reason: NoData.Reason?

    public init(from: Int64, to: Int64, reason: NoData.Reason?) {
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// One metric's part of an answer.
public struct Series: Hashable, Sendable {
    public var metric: Metric
    /// Seconds per point; nil for raw samples.
    public var step: Int?
    public var points: [SeriesPoint]
    public var gaps: [SeriesGap]

    public init(metric: Metric, step: Int?, points: [SeriesPoint], gaps: [SeriesGap]) {
        self.metric = metric
        self.step = step
        self.points = points
        self.gaps = gaps
    }
}

/// The answer to a `SeriesQuery`: a series for each metric found; names that history does not know are listed.
public struct SeriesAnswer: Hashable, Sendable {
    public var series: [Series]
    public var unknown: [String]
    /// Ask again with this cursor for the rest; nil when this is all.
    public var next: String?

    public init(series: [Series], unknown: [String] = [], next: String? = nil) {
        self.series = series
        self.unknown = unknown
        self.next = next
    }
}
