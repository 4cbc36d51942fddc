import Foundation
import GRDB
import Site
import Synchronization
import Testing

@testable import Store

@Suite("What the disk does not take")
struct UnwrittenTests {
    /// What was told, in the order in which it was.
    private final class Ear: Sendable {
        private let heard = Mutex<[Event]>([])

        var events: [Event] { heard.withLock { $0 } }
        var codes: [Event.Code] { events.map(\.code) }

        func hear(_ event: Event) { heard.withLock { $0.append(event) } }
    }

    /// So many that every commit needs pages of its own.
    private let metrics = (0..<60).map { Metric.temperature("sensor-\($0)") }

    private func fill(_ store: Store, _ seconds: Range<Int>) async {
        for second in seconds {
            await store.history.append(
                ReadingBatch(
                    Timestamp.first.after(Int64(second) * 1_000),
                    metrics.enumerated().map { ($1, Double(second * 7_919 + $0 * 104_729).squareRoot()) }))
        }
    }

    /// Lets files grow by so many pages from now on; 0 is a full disk.
    private func limit(_ store: Store, pages: Int) async throws {
        for connection in [await store.history.writable, await store.journal.writable] {
            try await connection?.write { db in
                let count = pages == 0 ? 1 : pages
                try db.execute(sql: "PRAGMA max_page_count = \(count)")
            }
        }
    }

    private func event(_ second: Int) -> Event {
        Event(
            Event.Code(rawValue: "test.event"), .notice, subject: "door",
            message: "It opened.", at: .first.after(Int64(second) * 1_000))
    }

    @Test("a full disk is told at once, though the journal is on it, and what waits can be read")
    func full() async throws {
        let place = try Workplace()
        let ear = Ear()
        let store = await Store.open(
            place.configuration(window: .seconds(10)), kernelBoot: "a", now: .first, tell: { ear.hear($0) })
        await fill(store, 0..<15)
        #expect(await store.condition(now: .first.after(15_000)).troubles.isEmpty)
        try await limit(store, pages: 0)
        await #expect(throws: StoreError.self) {
            for second in 15..<400 { try await store.journal.record(event(second)) }
        }
        await fill(store, 15..<65)
        #expect(ear.codes == [.databaseUnwritable, .databaseUnwritable])
        #expect(Set(ear.events.map(\.subject)) == ["journal.sqlite", "history.sqlite"])
        #expect(
            ear.events.allSatisfy { $0.message.contains("history.maximum") == ($0.subject == "history.sqlite") })
        let condition = await store.condition(now: .first.after(65_000))
        #expect(condition.troubles[.history]?.code == .full && condition.troubles[.journal]?.code == .full)
        #expect(condition.troubles[.logs] == nil)
        #expect((50_000...65_000).contains(condition.unwritten))
        #expect(condition.waiting == ear.events)

        try await limit(store, pages: 1_000_000)
        await fill(store, 65..<80)
        #expect(Set(ear.events.filter { $0.code == .databaseWritable }.map(\.subject)).count == 2)
        let after = await store.condition(now: .first.after(80_000))
        #expect(after.troubles.isEmpty && after.waiting.isEmpty && after.unwritten < 11_000)
        #expect(try await store.events(EventQuery(subject: "journal.sqlite")).count == 2)
        #expect(await store.close() == StoreLoss(readings: nil, events: 0))
    }

    @Test("an empty file on a unit that has run is told; on a new one it is nothing")
    func empty() async throws {
        let place = try Workplace()
        try Data().write(to: URL(fileURLWithPath: place.history))
        var store = await place.open()
        #expect(try await store.events(EventQuery()).isEmpty)
        await fill(store, 0..<5)
        await store.close()
        try Data().write(to: URL(fileURLWithPath: place.history))
        let error = await #expect(throws: StoreError.self) { try await Store.reading(place.directory) }
        #expect(error?.message.contains("history.sqlite is empty (0 bytes)") == true)
        let ear = Ear()
        store = await Store.open(place.configuration(), kernelBoot: "b", now: .first, tell: { ear.hear($0) })
        #expect(ear.codes == [.databaseEmpty] && ear.events[0].severity == .error)
        #expect(try await store.events(EventQuery()).map(\.event.code) == [.databaseEmpty])
        await store.close()
    }

    @Test("what is lost at the end is counted")
    func loss() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(10))
        await fill(store, 0..<1)
        try await limit(store, pages: 0)
        await fill(store, 1..<96)
        let loss = try #require(await store.close().readings)
        #expect(loss.reason.code == .full)
        #expect(loss.samples == 95 * 60 && loss.milliseconds == 95_000)
    }

    @Test("a damaged file is told with its reason, where it was put and what was saved")
    func damaged() async throws {
        let place = try Workplace()
        try "this is not a database".write(toFile: place.history, atomically: true, encoding: .utf8)
        let ear = Ear()
        let store = await Store.open(
            place.configuration(), kernelBoot: "a", now: .first, tell: { ear.hear($0) })
        let told = try #require(ear.events.first)
        #expect(told.code == .databaseSalvaged)
        for word in ["is damaged", "history.damaged-", "rows of it were copied"] {
            #expect(told.message.contains(word))
        }
        await store.close()
    }
}
