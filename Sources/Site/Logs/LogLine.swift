/// One line of a log, as it came in from a device of the site.
public struct LogLine: Hashable, Sendable {
    /// When it was received: the unit's own clock, which is the one that can be put right.
    public var received: Timestamp
    /// Wall milliseconds that the sender claims; nil when it says none.
    public var claimed: Int64?
    /// The host that the sender claims to be.
    public var host: String?
    /// The address it came from.
    public var source: String
    public var facility: SyslogFacility
    public var severity: SyslogSeverity
    /// The program that the sender names, with its process where it says one: `pppd[812]`.
    public var program: String?
    /// Without control characters: `#` and three octal digits stand for each, as rsyslog writes them.
    public var text: String

    public init(
        received: Timestamp, claimed: Int64? = nil, host: String? = nil, source: String,
        facility: SyslogFacility = .user, severity: SyslogSeverity, program: String? = nil, text: String
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

/// How bad the sender says it is (RFC 5424, table 2); the raw value is syslog's number.
public enum SyslogSeverity: Int, Hashable, Sendable, CaseIterable {
    case emergency
    case alert
    case critical
    case error
    case warning
    case notice
    case info
    case debug

    /// The word for people and JSON: `warning`.
    public var name: String { String(describing: self) }

    /// Reads a name in whatever case, also as syslog.conf(5) shortens it, or syslog's number.
    public init?(name: String) {
        let name = name.lowercased()
        let short = ["emerg": Self.emergency, "panic": .emergency, "crit": .critical, "err": .error, "warn": .warning]
        let numbered = Int(name).flatMap { Self(rawValue: $0) }
        guard let severity = Self.allCases.first(where: { $0.name == name }) ?? short[name] ?? numbered else {
            return nil
        }
        self = severity
    }
}

/// The part of the sender that speaks (RFC 5424, table 1); the raw value is syslog's number.
public enum SyslogFacility: Int, Hashable, Sendable, CaseIterable {
    case kern
    case user
    case mail
    case daemon
    case auth
    case syslog
    case lpr
    case news
    case uucp
    case cron
    case authpriv
    case ftp
    case ntp
    case audit
    case console
    case clock
    case local0
    case local1
    case local2
    case local3
    case local4
    case local5
    case local6
    case local7

    /// The word for people and JSON: `daemon`.
    public var name: String { String(describing: self) }

    public init?(name: String) {
        guard let facility = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = facility
    }
}
