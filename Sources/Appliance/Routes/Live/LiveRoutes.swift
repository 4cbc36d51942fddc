import Hummingbird
public import Site
public import Store
public import Web

/// What happens, as it happens.
public struct LiveFeed: Sendable {
    /// A new reader's view of the collections; must drop the oldest rather than grow.
    public let readings: @Sendable () -> AsyncStream<ReadingBatch>
    /// A new reader's view of the journal.
    public let events: @Sendable () -> AsyncStream<RecordedEvent>
    /// A new reader's view of what the store tells of itself, stored or not.
    public let storeEvents: @Sendable () -> AsyncStream<Event>
    /// A new reader's view of the relays.
    public let relays: @Sendable () -> AsyncStream<RelaysDocument>
    /// How the relays stand; nil for a site without.
    public let standing: @Sendable () async -> RelaysDocument?

    public init(
        readings: @escaping @Sendable () -> AsyncStream<ReadingBatch>,
        events: @escaping @Sendable () -> AsyncStream<RecordedEvent> = { AsyncStream { $0.finish() } },
        storeEvents: @escaping @Sendable () -> AsyncStream<Event> = { AsyncStream { $0.finish() } },
        relays: @escaping @Sendable () -> AsyncStream<RelaysDocument> = { AsyncStream { $0.finish() } },
        standing: @escaping @Sendable () async -> RelaysDocument? = { nil }
    ) {
        self.readings = readings
        self.events = events
        self.storeEvents = storeEvents
        self.relays = relays
        self.standing = standing
    }
}

/// `/api/v1/live`: a `text/event-stream` of `readings` (a `LatestDocument`, at first with every newest reading) and
/// `event` (one event as in `EventsDocument`, its sequence as the message's id; without an id what the store tells of
/// itself, which it may not be able to store).
public struct LiveRoutes: Sendable {
    private let source: any ReadingSource
    private let feed: LiveFeed
    private let streams: EventStreams

    public init(source: any ReadingSource, feed: LiveFeed, streams: EventStreams) {
        self.source = source
        self.feed = feed
        self.streams = streams
    }

    public func add(to routes: Routes) {
        let follow = APIOperation(
            "followUnit", .readings, "Readings, events and relays as they come",
            details: "At first every newest reading, and all relays.",
            refusals: [.init(503, "stream.limit", "As many streams are open as may be.")])
        let events = [
            APIAnswer.Event("readings", LatestDocument.schema, "New readings."),
            APIAnswer.Event(
                "event", .any(of: [RecordedEvent.schema, Event.schema]),
                "One event; without an `id` what the store tells of itself, which it may not be able to store."),
            APIAnswer.Event(
                "relays", RelaysDocument.schema, "All relays, at first and whenever one of them stands otherwise."),
        ]
        routes.stream("/api/v1/live", .atLeast(.viewer), describedBy: follow, sending: events) { _, context in
            // Subscribed before the state is asked for, so that nothing falls between.
            let (batches, events, storeEvents, relays) = (
                feed.readings(), feed.events(), feed.storeEvents(), feed.relays()
            )
            let state = try await source.latest()
            return try streams.response(context: context) { queue in
                queue.send("readings", LatestDocument(readings: state))
                if let standing = await feed.standing() { queue.send("relays", standing) }
                await withDiscardingTaskGroup { group in
                    group.addTask {
                        for await event in events { queue.send("event", event, id: "\(event.id.sequence)") }
                    }
                    group.addTask { for await event in storeEvents { queue.send("event", event) } }
                    group.addTask { for await document in relays { queue.send("relays", document) } }
                    for await batch in batches { queue.send("readings", LatestDocument(readings: batch.readings)) }
                    group.cancelAll()
                }
            }
        }
    }
}

extension EventStreams.Queue {
    /// Sends a value as JSON; one that has no JSON form cannot occur in these documents and is left out.
    func send(_ event: String, _ value: some Encodable, id: String? = nil) {
        guard let data = try? JSONForm.bytes(value) else { return }
        send(ServerSentEvent(event: event, id: id, data: data))
    }
}
