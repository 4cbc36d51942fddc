import GRDB
import Site
import Testing

@testable import Store

@Suite("Retention")
struct RetentionTests {
    private let enclosure = Metric.temperature("enclosure")
    private let day: Int64 = 86_400_000

    /// A reading every ten minutes for so many days.
    private func fill(_ store: Store, days: Int, from start: Timestamp = .first) async throws {
        for step in 0..<days * 144 {
            let time = start.after(Int64(step) * 600_000)
            await store.history.append(ReadingBatch(time, every: .seconds(600), [(enclosure, Double(step))]))
        }
        try await store.history.flush()
    }

    private func open(_ place: Workplace, _ history: HistoryConfiguration) async -> Store {
        var history = history
        history.window = .seconds(21_600)
        return await Store.open(.init(directory: place.directory, history: history), kernelBoot: "a", now: .first)
    }

    private func points(_ store: Store, _ step: SeriesQuery.Step) async throws -> [SeriesPoint] {
        try await store.series(
            SeriesQuery(metrics: ["enclosure"], from: 0, to: .max, step: step, limit: 1_000_000)
        ).series[0].points
    }

    @Test("each resolution is kept for its own time, and the coarser one draws on")
    func ages() async throws {
        let history = HistoryConfiguration(
            keepRaw: .seconds(3 * 86_400), keepMinutes: .seconds(10 * 86_400), keepHours: nil)
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await open(place, history)
        try await fill(store, days: 30)
        let now = Timestamp.first.after(30 * day)
        let done = try await store.history.maintain(now: now)
        #expect(done.deleted > 0)
        let raw = try #require(try await points(store, .raw).first)
        #expect((now.wall - 4 * day...now.wall - 3 * day + 600_000).contains(raw.time))
        let minute = try #require(try await points(store, .seconds(60)).first)
        #expect((now.wall - 11 * day...now.wall - 10 * day + 3_600_000).contains(minute.time))
        let hours = try await points(store, .seconds(3_600))
        #expect(hours.count == 720 && hours.allSatisfy { $0.count == 6 })
        #expect(try await store.history.maintain(now: now).deleted == 0)
        await store.close()
    }

    @Test("an untrusted clock deletes nothing by age")
    func untrusted() async throws {
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await open(place, HistoryConfiguration(keepRaw: .seconds(60)))
        try await fill(store, days: 3)
        var now = Timestamp.first.after(3_650 * day)
        now.isTrusted = false
        #expect(try await store.history.maintain(now: now).deleted == 0)
        now.isTrusted = true
        #expect(try await store.history.maintain(now: now).deleted > 0)
        await store.close()
    }

    @Test("rows of a boot whose clock was never set go with those stored after them, not by their date")
    func neverSet() async throws {
        let place = try Workplace()
        let history = HistoryConfiguration(keepRaw: .seconds(5 * 86_400))
        let store = await open(place, history)
        var lost = Timestamp.first
        lost.wall = 0
        lost.isTrusted = false
        try await fill(store, days: 1, from: lost)
        var found = Timestamp.first
        found.boot = 2
        try await fill(store, days: 3, from: found)
        func raw() async throws -> Int { try await points(store, .raw).count { $0.time < day * 2 } }
        try await store.history.maintain(now: found.after(3 * day))
        #expect(try await raw() == 144)
        try await store.history.maintain(now: found.after(7 * day))
        #expect(try await raw() == 0)
        await store.close()
    }

    @Test("a bound in bytes deletes the oldest samples, keeps the roll-ups, and the space is used again")
    func bytes() async throws {
        let place = try Workplace()
        let bound: Int64 = 100_000
        let store = await open(place, HistoryConfiguration(maximumSize: bound))
        var sizes: [Int] = []
        for month in 0..<8 {
            try await fill(store, days: 10, from: .first.after(Int64(month) * 10 * day))
            try await store.history.maintain(now: .first.after(Int64(month + 1) * 10 * day))
            let connection = try #require(await store.history.writable)
            try await connection.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            sizes.append(RawFile(place.history)?.size ?? 0)
        }
        let (pages, free) =
            try await store.history.writable?.read { db in
                (
                    try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0,
                    try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                )
            } ?? (0, 0)
        #expect((pages - free) * 1_024 <= bound)
        #expect(sizes[7] <= sizes[5] * 11 / 10, "\(sizes)")
        let raw = try await points(store, .raw)
        #expect(raw.count < 80 * 144 && raw.last?.mean == Double(10 * 144 - 1))
        #expect(try await points(store, .seconds(3_600)).count == 80 * 24)
        await store.close()
    }
}
