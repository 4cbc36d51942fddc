/// Answer of `/api/v1/logs`: newest first, or with `after` oldest first.
public struct LogsDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var lines: [RecordedLine]
    /// Ask again with `before=` (or `after=`) this sequence to go on; nil when this is all.
    public var next: Int64?
    /// The time for one answer was over when everything newer than this had been searched.
    public var searchedTo: String?

    public init(_ answer: LogAnswer) {
        lines = answer.lines
        next = answer.next
        searchedTo = answer.searchedTo.map { ISO8601.string(milliseconds: $0) }
    }

    public var answer: LogAnswer {
        LogAnswer(lines: lines, next: next, searchedTo: searchedTo.flatMap { ISO8601.milliseconds($0) })
    }
}

extension RecordedLine: Codable {
    private enum Key: String, CodingKey {
        case id, time, clockTrusted, claimed, source, host, facility, severity, program, text
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func word<Value>(_ key: Key, _ make: (String) -> Value?) throws -> Value {
            let text = try container.decode(String.self, forKey: key)
            guard let value = make(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "not known: \(text)")
            }
            return value
        }
        let isTrusted = try container.decodeIfPresent(Bool.self, forKey: .clockTrusted) ?? true
        self.init(
            id: try container.decode(RowID.self, forKey: .id),
            line: LogLine(
                received: Timestamp(
                    wall: try word(.time) { ISO8601.milliseconds($0) }, boot: Timestamp.unknownBoot, monotonic: 0,
                    isTrusted: isTrusted),
                claimed: try container.decodeIfPresent(String.self, forKey: .claimed).flatMap {
                    ISO8601.milliseconds($0)
                },
                host: try container.decodeIfPresent(String.self, forKey: .host),
                source: try container.decode(String.self, forKey: .source),
                facility: try word(.facility) { SyslogFacility(name: $0) },
                severity: try word(.severity) { SyslogSeverity(name: $0) },
                program: try container.decodeIfPresent(String.self, forKey: .program),
                text: try container.decode(String.self, forKey: .text)))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encode(ISO8601.string(milliseconds: line.received.wall), forKey: .time)
        if !line.received.isTrusted { try container.encode(false, forKey: .clockTrusted) }
        try container.encodeIfPresent(line.claimed.map { ISO8601.string(milliseconds: $0) }, forKey: .claimed)
        try container.encode(line.source, forKey: .source)
        try container.encodeIfPresent(line.host, forKey: .host)
        try container.encode(line.facility.name, forKey: .facility)
        try container.encode(line.severity.name, forKey: .severity)
        try container.encodeIfPresent(line.program, forKey: .program)
        try container.encode(line.text, forKey: .text)
    }
}

/// Answer of `/api/v1/logs/sources`: those of the site file first, then others in the order of their addresses.
public struct LogSourcesDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var sources: [Source]

    /// One sender.
    public struct Source: Codable, Hashable, Sendable {
        public var address: String
        /// `router`, or the camera's id; nil for one that the site file does not name.
        public var name: String?
        public var first: String?
        public var last: String?
        public var lines: Int64
        public var dropped: Int64
        /// Seconds since its newest line; nil for one that was never heard.
        public var silence: Double?
        /// Seconds of silence that are longer than its habit; nil while that is not known.
        public var habit: Double?

        public init(address: String, name: String?, heard: LogSource?, now: Int64) {
            self.address = address
            self.name = name
            first = heard.map { ISO8601.string(milliseconds: $0.first) }
            last = heard.map { ISO8601.string(milliseconds: $0.last) }
            lines = heard?.lines ?? 0
            dropped = heard?.dropped ?? 0
            silence = heard.map { Double(max(0, now - $0.last)) / 1000 }
            habit = heard?.habit.limit.map { Double($0) / 1000 }
        }
    }

    public init(sources: [Source]) { self.sources = sources }
}
