/// What a reader asks of the logs; newest first.
public struct LogQuery: Hashable, Sendable {
    /// Wall milliseconds of reception, inclusive; nil for no bound.
    public var from: Int64?
    /// Exclusive.
    public var to: Int64?
    /// The address it came from.
    public var source: String?
    /// The program's name, without its process.
    public var program: String?
    public var facility: SyslogFacility?
    /// Only lines at least this severe: `.warning` gives warning and worse.
    public var atLeast: SyslogSeverity
    public var search: LogSearch
    public var limit: Int
    /// Only lines with a smaller sequence: the page after the one that ended there.
    public var before: Int64?
    /// Only lines with a larger sequence, and of these the oldest: what came since.
    public var after: Int64?

    public init(
        from: Int64? = nil, to: Int64? = nil, source: String? = nil, program: String? = nil,
        facility: SyslogFacility? = nil, atLeast: SyslogSeverity = .debug, search: LogSearch = LogSearch(""),
        limit: Int = 200, before: Int64? = nil, after: Int64? = nil
    ) {
        self.from = from
        self.to = to
        self.source = source
        self.program = program
        self.facility = facility
        self.atLeast = atLeast
        self.search = search
        self.limit = limit
        self.before = before
        self.after = after
    }

    /// Whether the query asks for such a line, wherever in the logs it may stand.
    public func wants(_ line: LogLine) -> Bool {
        line.received.wall >= from ?? .min && line.received.wall < to ?? .max
            && line.severity.rawValue <= atLeast.rawValue && facility.map { $0 == line.facility } ?? true
            && source.map { $0 == line.source } ?? true && program.map { line.isOf($0) } ?? true && search.finds(line)
    }
}

extension LogLine {
    /// Whether it is of a program, whatever its process.
    fileprivate func isOf(_ name: String) -> Bool {
        guard let program, program.hasPrefix(name) else { return false }
        let rest = program.dropFirst(name.count)
        return rest.isEmpty || rest.first == "["
    }
}

/// What the logs answer.
public struct LogAnswer: Hashable, Sendable {
    public var lines: [RecordedLine]
    /// Go on with `before` (or `after`) this sequence; nil when this is all there is.
    public var next: Int64?
    /// Wall milliseconds down to which was searched when the time for one answer was over; nil when all was.
    public var searchedTo: Int64?

    public init(lines: [RecordedLine], next: Int64? = nil, searchedTo: Int64? = nil) {
        self.lines = lines
        self.next = next
        self.searchedTo = searchedTo
    }
}
