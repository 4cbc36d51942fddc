/// Answer of `/api/v1/metrics` and of `picli readings list --json`.
public struct MetricsDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var metrics: [MetricDescription]

    public init(metrics: [MetricDescription]) { self.metrics = metrics }
}

extension MetricDescription: Codable {
    private enum Key: String, CodingKey {
        case name, subject, quantity, instance, unit, kind, simulated, first, last
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let metric = try Metric(named: container.decode(String.self, forKey: .name), in: container, key: .name) {
            (try container.decode(Unit.self, forKey: .unit), try container.decode(Bool.self, forKey: .simulated))
        }
        func time(_ key: Key) throws -> Int64? {
            try container.decodeIfPresent(String.self, forKey: key).flatMap(ISO8601.milliseconds)
        }
        self.init(metric: metric, first: try time(.first), last: try time(.last))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(metric.name, forKey: .name)
        try container.encode(metric.subject, forKey: .subject)
        try container.encode(metric.quantity, forKey: .quantity)
        try container.encodeIfPresent(metric.instance, forKey: .instance)
        try container.encode(metric.unit, forKey: .unit)
        try container.encode(metric.quantity.definition?.kind ?? .gauge, forKey: .kind)
        try container.encode(metric.isSimulated, forKey: .simulated)
        try container.encodeIfPresent(first.map(ISO8601.string), forKey: .first)
        try container.encodeIfPresent(last.map(ISO8601.string), forKey: .last)
    }
}
