/// What a reader asks of the journal; newest first.
public struct EventQuery: Hashable, Sendable {
    /// Wall milliseconds, inclusive; nil for no bound.
    public var from: Int64?
    /// Wall milliseconds, exclusive; nil for no bound.
    public var to: Int64?
    public var subject: String?
    /// Only events at least this severe (`.warning` gives warning, error and critical).
    public var atLeast: Event.Severity
    public var limit: Int
    /// Only events with a smaller sequence: the page after the one that ended there.
    public var before: Int64?

    public init(
        from: Int64? = nil, to: Int64? = nil, subject: String? = nil, atLeast: Event.Severity = .info,
        limit: Int = 200, before: Int64? = nil
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.atLeast = atLeast
        self.limit = limit
        self.before = before
    }
}

extension EventQuery {
    /// Whether the query asks for such an event, wherever in the journal it may stand.
    public func wants(_ event: Event) -> Bool {
        event.time.wall >= from ?? .min && event.time.wall < to ?? .max && event.severity.rawValue <= atLeast.rawValue
            && subject.map { $0 == event.subject } ?? true
    }
}
