/// A reading as JSON: `{"metric":"enclosure.temperature","unit":"°C","time":"…Z","value":21.5}`.
///
/// `noData` stands in place of `value`; `simulated` and `clockTrusted` are there only when they say something.
extension Reading: Codable {
    private enum Key: String, CodingKey {
        case metric, unit, simulated, time, clockTrusted, value, noData
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let metric = try Metric(named: container.decode(String.self, forKey: .metric), in: container, key: .metric) {
            (
                Unit(rawValue: try container.decode(String.self, forKey: .unit)),
                try container.decodeIfPresent(Bool.self, forKey: .simulated) ?? false
            )
        }
        let text = try container.decode(String.self, forKey: .time)
        guard let wall = ISO8601.milliseconds(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .time, in: container, debugDescription: "not an ISO 8601 time: \(text)")
        }
        let trusted = try container.decodeIfPresent(Bool.self, forKey: .clockTrusted) ?? true
        let time = Timestamp(wall: wall, boot: Timestamp.unknownBoot, monotonic: 0, isTrusted: trusted)
        if let noData = try container.decodeIfPresent(NoData.self, forKey: .noData) {
            self.init(metric, at: time, noData: noData)
        } else {
            self.init(metric, at: time, value: try container.decode(Double.self, forKey: .value))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(metric.name, forKey: .metric)
        try container.encode(metric.unit, forKey: .unit)
        if metric.isSimulated { try container.encode(true, forKey: .simulated) }
        try container.encode(ISO8601.string(milliseconds: time.wall), forKey: .time)
        if !time.isTrusted { try container.encode(false, forKey: .clockTrusted) }
        switch outcome {
        case .value(let value): try container.encode(value, forKey: .value)
        case .noData(let noData): try container.encode(noData, forKey: .noData)
        }
    }
}

extension Timestamp {
    /// The boot of a time that came over the wire, which carries wall time only.
    public static let unknownBoot = 0
}

extension Metric {
    /// A metric from its wire form; throws a decoding error that names the key.
    init<Key: CodingKey>(
        named name: String, in container: KeyedDecodingContainer<Key>, key: Key, identity: () throws -> (Unit, Bool)
    ) throws {
        let (unit, isSimulated) = try identity()
        guard let metric = Metric(name: name, unit: unit, isSimulated: isSimulated) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "not a metric name: \(name)")
        }
        self = metric
    }
}

/// Answer of `/api/v1/latest`, of `picli readings latest --json`, and one message of the live stream.
public struct LatestDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var readings: [Reading]

    public init(readings: [Reading]) { self.readings = readings }
}
