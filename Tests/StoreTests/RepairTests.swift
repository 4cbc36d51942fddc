import Foundation
import GRDB
import Site
import Testing

@testable import Store

@Suite("Damage that is met later")
struct RepairTests {
    private let enclosure = Metric.temperature("enclosure")

    /// One reading a second, each its own number.
    private func fill(_ store: Store, _ seconds: Range<Int>) async {
        for second in seconds {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(enclosure, Double(second))]))
        }
    }

    private func values(_ store: Store) async throws -> [Double] {
        try await store.raw("enclosure")?.points.map(\.mean) ?? []
    }

    private func codes(_ store: Store) async throws -> [String] {
        try await store.events(EventQuery()).reversed().map(\.event.code.rawValue)
    }

    @Test("damage met while running is repaired while running")
    func whileRunning() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(5))
        await fill(store, 0..<600)
        try await store.history.flush()
        let connection = try #require(await store.history.writable)
        try await connection.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        // Every inner and leaf page of trees but the first gets a broken type.
        let file = try #require(fopen(place.history, "r+"))
        for page in 3..<12 {
            fseek(file, page * 1_024, SEEK_SET)
            fwrite([UInt8(0xEE)], 1, 1, file)
        }
        fclose(file)
        try await connection.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
        await fill(store, 600..<620)
        let kept = try await values(store)
        #expect(kept.count > 600 && Set(kept).isSubset(of: (0..<620).map(Double.init)))
        #expect(await store.history.trouble == nil)
        #expect(try await codes(store).contains("database.salvaged"))
        await store.close()
    }

    @Test("verification finds what no query has met, and repairs it")
    func verification() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(5))
        await fill(store, 0..<600)
        try await store.history.flush()
        let now = Timestamp.first.after(700_000)
        #expect(try await store.history.verify(now: now))
        let connection = try #require(await store.history.writable)
        // An entry of the index is gone: every row is there, and queries do not find one.
        try await connection.write { db in
            try db.execute(sql: "PRAGMA writable_schema = 1")
            try db.execute(sql: "CREATE INDEX other ON block (end, start) WHERE sequence > 10")
            try db.execute(
                sql: """
                    UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'other')
                    WHERE name = 'block_time'
                    """)
            try db.execute(sql: "PRAGMA writable_schema = RESET")
        }
        #expect(try await !store.history.verify(now: now))
        #expect(try await values(store) == (0..<600).map(Double.init))
        #expect(try await store.history.verify(now: now))
        await store.close()
    }

    @Test("rows keep their names through a salvage, and new rows never take one")
    func names() async throws {
        let place = try Workplace()
        var store = await place.open()
        let event = Event(Event.Code(rawValue: "a.b"), .info, subject: "x", message: "y", at: .first)
        let old = try await store.journal.record(event)
        await store.close()
        let handle = try #require(fopen(place.journal, "r+"))
        fwrite([UInt8](repeating: 0, count: 50), 1, 50, handle)
        fclose(handle)
        store = await place.open()
        let new = try await store.journal.record(event)
        #expect(new.id.database != old.id.database)
        let ids = try await store.events(EventQuery()).map(\.id)
        #expect(ids.contains(old.id) && ids.contains(new.id) && Set(ids).count == ids.count)
        #expect(await store.journal.predecessorID == old.id.database)
        #expect(new.deployment == "here")
        await store.close()
    }
}
