/// Something that happened on the unit, in the one form that sensors, relays, drives, power, clock, services and
/// security all speak.
public struct Event: Hashable, Sendable {
    /// A stable code, `area.what`, such as `sensor.lost` or `clock.set`.
    ///
    /// Programs match by code, never by message text.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// Severities of syslog (RFC 5424, table 2) that a person acts upon; the raw value is syslog's number.
    public enum Severity: Int, Sendable, Codable, CaseIterable {
        case critical = 2
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }

    /// A value that belongs to an event.
    public enum Value: Hashable, Sendable {
        case text(String)
        case number(Double)
        case flag(Bool)
    }

    public var code: Code
    public var severity: Severity
    /// What it is about: a sensor's id, `clock`, `history.sqlite`.
    public var subject: String
    /// One sentence for people: what happened, what was kept, what to do.
    public var message: String
    public var values: [String: Value]
    /// The event that brought this one about.
    public var cause: RowID?
    public var time: Timestamp

    public init(
        _ code: Code, _ severity: Severity, subject: String, message: String, values: [String: Value] = [:],
        cause: RowID? = nil, at time: Timestamp
    ) {
        self.code = code
        self.severity = severity
        self.subject = subject
        self.message = message
        self.values = values
        self.cause = cause
        self.time = time
    }
}

/// An event as the journal keeps it: named for ever, and bound to the deployment it was made in.
public struct RecordedEvent: Hashable, Sendable {
    public let id: RowID
    public let deployment: String?
    public let event: Event

    public init(id: RowID, deployment: String?, event: Event) {
        self.id = id
        self.deployment = deployment
        self.event = event
    }
}
