/// Answer of `/api/v1/series` and of `picli readings query --json`.
///
/// Times are Unix milliseconds and a point is an array `[time, min, mean, max, count]`: a chart asks for thousands.
public struct SeriesDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var series: [Series]
    /// Asked for, and not known to history.
    public var unknown: [String]
    /// Ask again with this cursor for the rest.
    public var next: String?

    public init(_ answer: SeriesAnswer) {
        series = answer.series
        unknown = answer.unknown
        next = answer.next
    }

    public var answer: SeriesAnswer { SeriesAnswer(series: series, unknown: unknown, next: next) }
}

extension Series: Codable {
    private enum Key: String, CodingKey {
        case metric, unit, simulated, step, points, gaps
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let metric = try Metric(named: container.decode(String.self, forKey: .metric), in: container, key: .metric) {
            (try container.decode(Unit.self, forKey: .unit), try container.decode(Bool.self, forKey: .simulated))
        }
        self.init(
            metric: metric,
            step: try container.decodeIfPresent(Int.self, forKey: .step),
            points: try container.decode([SeriesPoint].self, forKey: .points),
            gaps: try container.decode([SeriesGap].self, forKey: .gaps))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(metric.name, forKey: .metric)
        try container.encode(metric.unit, forKey: .unit)
        try container.encode(metric.isSimulated, forKey: .simulated)
        try container.encodeIfPresent(step, forKey: .step)
        try container.encode(points, forKey: .points)
        try container.encode(gaps, forKey: .gaps)
    }
}

extension SeriesPoint: Codable {
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        time = try container.decode(Int64.self)
        min = try container.decode(Double.self)
        mean = try container.decode(Double.self)
        max = try container.decode(Double.self)
        count = try container.decode(Int.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(time)
        try container.encode(min)
        try container.encode(mean)
        try container.encode(max)
        try container.encode(count)
    }
}
