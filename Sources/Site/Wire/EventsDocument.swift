/// Answer of `/api/v1/events`: newest first.
public struct EventsDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var events: [RecordedEvent]
    /// Ask again with `before=` this sequence for older ones; nil when this is all.
    public var next: Int64?
    /// What the disk has not taken yet, newest first: without a sequence, and lost if the unit stops now.
    ///
    /// Left out when nothing waits.
    public var waiting: [Event]?

    public init(events: [RecordedEvent], next: Int64?, waiting: [Event]? = nil) {
        self.events = events
        self.next = next
        self.waiting = waiting
    }
}

extension RecordedEvent: Codable {
    private enum Key: String, CodingKey {
        case id, deployment
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try container.decode(RowID.self, forKey: .id),
            deployment: try container.decodeIfPresent(String.self, forKey: .deployment),
            event: try Event(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encodeIfPresent(deployment, forKey: .deployment)
        try event.encode(to: encoder)
    }
}

extension Event: Codable {
    private enum Key: String, CodingKey {
        case code, severity, subject, message, values, cause, time, clockTrusted
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let text = try container.decode(String.self, forKey: .time)
        guard let wall = ISO8601.milliseconds(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .time, in: container, debugDescription: "not an ISO 8601 time: \(text)")
        }
        let name = try container.decode(String.self, forKey: .severity)
        guard let severity = Event.Severity(name: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .severity, in: container, debugDescription: "not a severity: \(name)")
        }
        let trusted = try container.decodeIfPresent(Bool.self, forKey: .clockTrusted) ?? true
        self.init(
            try container.decode(Event.Code.self, forKey: .code), severity,
            subject: try container.decode(String.self, forKey: .subject),
            message: try container.decode(String.self, forKey: .message),
            values: try container.decode([String: Event.Value].self, forKey: .values),
            cause: try container.decodeIfPresent(RowID.self, forKey: .cause),
            at: Timestamp(wall: wall, boot: Timestamp.unknownBoot, monotonic: 0, isTrusted: trusted))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(code, forKey: .code)
        try container.encode(severity.name, forKey: .severity)
        try container.encode(subject, forKey: .subject)
        try container.encode(message, forKey: .message)
        try container.encode(values, forKey: .values)
        try container.encodeIfPresent(cause, forKey: .cause)
        try container.encode(ISO8601.string(milliseconds: time.wall), forKey: .time)
        if !time.isTrusted { try container.encode(false, forKey: .clockTrusted) }
    }
}

extension Event.Severity {
    /// The word for people and JSON: `warning`.
    public var name: String { String(describing: self) }

    public init?(name: String) {
        guard let severity = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = severity
    }
}

extension Event.Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        }
    }
}
