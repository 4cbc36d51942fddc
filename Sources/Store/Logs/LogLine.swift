public import Site

/// One line of a log, as it came in from a device of the site or from the unit itself.
public struct LogLine: Hashable, Sendable {
    /// When it was received: the unit's own clock, which is the one that can be put right.
    public var received: Timestamp
    /// Wall milliseconds that the sender claims; nil when it says none.
    public var claimed: Int64?
    /// The host that the sender claims to be.
    public var host: String?
    /// The address it came from.
    public var source: String
    /// RFC 5424, table 1: 0…23.
    public var facility: Int
    /// RFC 5424, table 2: 0 (emergency)…7 (debug).
    public var severity: Int
    public var program: String?
    public var text: String

    public init(
        received: Timestamp, claimed: Int64? = nil, host: String? = nil, source: String, facility: Int, severity: Int,
        program: String? = nil, text: String
    ) {
        self.received = received
        self.claimed = claimed
        self.host = host
        self.source = source
        self.facility = facility
        self.severity = severity
        self.program = program
        self.text = text
    }
}

/// A line as stored, with its name.
public struct RecordedLine: Hashable, Sendable {
    public let id: RowID
    public let line: LogLine

    public init(id: RowID, line: LogLine) {
        self.id = id
        self.line = line
    }
}

/// What a reader asks of the logs; newest first.
public struct LogQuery: Hashable, Sendable {
    /// Wall milliseconds of reception, inclusive; nil for no bound.
    public var from: Int64?
    /// Exclusive.
    public var to: Int64?
    /// The claimed host or the address it came from.
    public var host: String?
    /// Only lines at least this severe: `4` gives warning and worse.
    public var atLeast: Int
    /// Only lines that contain this, without regard to the case of ASCII letters.
    public var containing: String?
    public var limit: Int
    /// Only lines with a smaller sequence: the page after the one that ended there.
    public var before: Int64?

    public init(
        from: Int64? = nil, to: Int64? = nil, host: String? = nil, atLeast: Int = 7, containing: String? = nil,
        limit: Int = 200, before: Int64? = nil
    ) {
        self.from = from
        self.to = to
        self.host = host
        self.atLeast = atLeast
        self.containing = containing
        self.limit = limit
        self.before = before
    }
}
