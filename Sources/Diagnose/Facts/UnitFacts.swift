import Platform
public import Site
import Store

/// How the unit itself does: what it has stored, and what it told.
public struct UnitFacts: Hashable, Sendable {
    /// Milliseconds since its newest reading; nil when it has none.
    public var newestAge: Int64?
    /// Events of the last day, the newest first.
    public var events: [RecordedEvent]

    public init(newestAge: Int64? = 1000, events: [RecordedEvent] = []) {
        self.newestAge = newestAge
        self.events = events
    }

    init(of subject: Subject) async throws {
        guard let source = subject.readings else { throw NotHere("there is neither a running unit nor its files") }
        let now = KernelClock.wall()
        newestAge = try await source.latest().map { now - $0.time.wall }.min()
        events = try await source.events(EventQuery(from: now - 86_400_000, atLeast: .notice, limit: 500))
    }
}
