import ServiceLifecycle
import Site
import Store
import Testing
import Web

@testable import Appliance

@Suite struct LiveTests {
    @Test("a reader gets the state first, then each batch and each event, and leaves no task behind")
    func stream() async throws {
        let (batches, batch) = AsyncStream.makeStream(of: ReadingBatch.self)
        let (events, event) = AsyncStream.makeStream(of: RecordedEvent.self)
        let feed = LiveFeed(readings: { batches }, events: { events })
        var generator = SystemRandomNumberGenerator()
        let id = RowID(database: DatabaseID(milliseconds: noon, random: &generator), sequence: 42)
        let state = Reading(Metric("enclosure", .temperature, unit: .celsius), at: timestamp(), value: 20)
        let news = Reading(Metric("enclosure", .temperature, unit: .celsius), at: timestamp(1000), value: 21)
        let happened = RecordedEvent(
            id: id, deployment: nil,
            event: Event(Event.Code(rawValue: "clock.set"), .notice, subject: "clock", message: "Set.", at: timestamp())
        )
        try await LiveUnit.run(.init(readings: [state]), feed: feed) { unit in
            let text = try await unit.exchange("/api/v1/live") { text in
                if text.contains("\"value\":20"), !text.contains("\"value\":21") {
                    batch.yield(ReadingBatch(time: timestamp(1000), interval: .seconds(1), readings: [news]))
                    event.yield(happened)
                }
                return text.contains("clock.set") && text.contains("\"value\":21")
            }
            #expect(text.contains("text/event-stream"))
            let first = try #require(text.firstRange(of: "event: readings\ndata: {\"readings\":[{\"metric\":"))
            let second = try #require(text.firstRange(of: "\"value\":21"))
            #expect(first.lowerBound < second.lowerBound)
            #expect(text.contains("event: event\nid: 42\ndata: {"))
            while unit.streams.count > 0 { await Task.yield() }
        }
    }

    @Test("what the store tells of itself comes at once, without the number that only a stored event has")
    func storeEvents() async throws {
        let feed = LiveFeed(
            readings: { AsyncStream { _ in } },
            storeEvents: {
                AsyncStream { stream in
                    stream.yield(
                        Event(.databaseUnwritable, .error, subject: "history.sqlite", message: "Full.", at: timestamp())
                    )
                }
            })
        try await LiveUnit.run(feed: feed) { unit in
            let text = try await unit.exchange("/api/v1/live") { $0.contains("database.unwritable") }
            #expect(text.contains("event: event\ndata: {\"code\":\"database.unwritable\""))
        }
    }

    private static func document(_ state: RelayState) -> RelaysDocument {
        let fan = RelayConfiguration(id: "fan", output: .line(22))
        return RelaysDocument(away: nil, relays: [.init(fan, status: StagedOwner.status("fan", state))])
    }

    @Test("relays come at first, and whenever one stands otherwise")
    func relays() async throws {
        let (changes, change) = AsyncStream.makeStream(of: RelaysDocument.self)
        let feed = LiveFeed(
            readings: { AsyncStream { _ in } }, relays: { changes }, standing: { Self.document(.off) })
        try await LiveUnit.run(feed: feed) { unit in
            let text = try await unit.exchange("/api/v1/live") { text in
                if text.contains("\"state\":\"off\""), !text.contains("\"state\":\"on\"") {
                    change.yield(Self.document(.on))
                }
                return text.contains("\"state\":\"on\"")
            }
            #expect(text.contains("event: relays\ndata: {\"relays\":[{"))
        }
    }

    @Test("a stop of the service ends the stream, without waiting for anything")
    func stop() async throws {
        let feed = LiveFeed { AsyncStream { _ in } }
        let ended = try await LiveUnit.run(.init(readings: oneOfEach()), feed: feed) { unit in
            let clock = ContinuousClock()
            var stopped: ContinuousClock.Instant?
            let text = try await unit.exchange("/api/v1/live") { text in
                if text.contains("event: readings"), stopped == nil {
                    stopped = clock.now
                    await unit.group.triggerGracefulShutdown()
                }
                return false
            }
            #expect(text.hasSuffix("0\r\n\r\n"))
            return try #require(stopped).duration(to: clock.now)
        }
        #expect(ended < .seconds(3))
    }
}
