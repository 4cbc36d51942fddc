import Site
import Testing

@testable import Store

@Suite("Journal")
struct JournalTests {
    private func event(_ number: Int, _ severity: Event.Severity = .info, subject: String = "door") -> Event {
        Event(
            Event.Code(rawValue: "test.event"), severity, subject: subject, message: "Number \(number)\0 – ünïcode.",
            values: ["number": .number(Double(number)), "open": .flag(true), "who": .text("\"a\"")],
            cause: RowID(database: .minted, sequence: 7), at: .first.after(Int64(number) * 1_000))
    }

    @Test("an event comes back as it was recorded, under its name, after a restart")
    func roundTrip() async throws {
        let place = try Workplace()
        var store = await place.open()
        var event = event(1, .critical)
        let recorded = try await store.journal.record(event)
        await store.close()
        store = await place.open()
        let found = try #require(try await store.events(EventQuery()).first)
        // A NUL would end the text in SQLite.
        event.message = "Number 1\u{FFFD} – ünïcode."
        #expect(found.event == event)
        #expect(found.id == recorded.id && found.deployment == "here")
        await store.close()
    }

    @Test("a thousand events at once are each stored, in far fewer commits, in the order of their numbers")
    func group() async throws {
        let place = try Workplace()
        let store = await place.open()
        let ids = try await withThrowingTaskGroup(of: RowID.self) { group in
            for number in 0..<1_000 { group.addTask { try await store.journal.record(event(number)).id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1_000)
        #expect(Set(ids.map(\.sequence)) == Set(1...1_000))
        #expect(try await store.events(EventQuery(limit: 5_000)).count == 1_000)
        await store.close()
    }

    @Test("a cancelled caller harms no other")
    func cancelled() async throws {
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await place.open()
        let tasks = (0..<50).map { number in Task { try await store.journal.record(event(number)) } }
        for task in tasks where Bool.random() { task.cancel() }
        for task in tasks { _ = try await task.value }
        #expect(try await store.events(EventQuery()).count == 50)
        await store.close()
    }

    @Test("queries filter by time, subject and severity, newest first, by pages")
    func queries() async throws {
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await place.open()
        for number in 0..<60 {
            try await store.journal.record(
                event(number, .allCases[number % 5], subject: number % 2 == 0 ? "door" : "window"))
        }
        let start = Timestamp.first.wall
        func numbers(_ query: EventQuery) async throws -> [Double] {
            try await store.events(query).compactMap {
                if case .number(let number) = $0.event.values["number"] { number } else { nil }
            }
        }
        #expect(try await numbers(EventQuery(limit: 2)) == [59, 58])
        #expect(try await numbers(EventQuery(from: start + 10_000, to: start + 12_000)) == [11, 10])
        #expect(try await numbers(EventQuery(subject: "window", limit: 2)) == [59, 57])
        #expect(try await numbers(EventQuery(atLeast: .error, limit: 3)) == [56, 55, 51])
        let page = try await store.events(EventQuery(limit: 10))
        #expect(try await numbers(EventQuery(limit: 1, before: page.last?.id.sequence)) == [49])
        await #expect(throws: StoreError.self) { try await store.events(EventQuery(limit: 0)) }
        await store.close()
    }

    @Test("a boot has one number for ever, and no other boot has it, whatever is lost")
    func boots() async throws {
        let place = try Workplace()
        for (kernel, number) in [("a", 1), ("a", 1), ("b", 2), ("c", 3), ("b", 2)] {
            let store = await place.open(boot: kernel)
            #expect(store.boot == number)
            if kernel == "c" {
                var time = Timestamp.first
                time.boot = 3
                await store.history.append(ReadingBatch(time, [(.temperature("x"), 1)]))
            }
            await store.close()
        }
        try SetAside.remove(place.journal)
        let store = await place.open(boot: "d")
        #expect(store.boot == 4)
        await store.close()
    }

    @Test("when the clock is set, rows of this boot go where they belong in all three files")
    func clock() async throws {
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await place.open()
        var wrong = Timestamp.first
        wrong.wall = 1_000_000
        wrong.isTrusted = false
        let metric = Metric.temperature("x")
        for second in 0..<100 {
            await store.history.append(ReadingBatch(wrong.after(Int64(second) * 1_000), [(metric, Double(second))]))
        }
        try await store.journal.record(.init(Event.Code(rawValue: "a.b"), .info, subject: "s", message: "m", at: wrong))
        let line = LogLine(received: wrong, source: "x", severity: .notice, text: "word")
        try await store.logs.append(LogBatch(lines: [line]), at: wrong)
        var now = Timestamp.first.after(100_000)
        now.isTrusted = true
        try await store.clockWasSet(boot: 1, offset: Timestamp.first.wall - wrong.wall, at: now)
        let points = try await store.raw("x")?.points ?? []
        #expect(points.map(\.time) == (0..<100).map { Timestamp.first.wall + Int64($0) * 1_000 })
        let event = try await store.events(EventQuery()).first?.event
        #expect(event?.time == .first)
        #expect(try await store.logs.lines(LogQuery()).lines.first?.line.received == .first)
        #expect(try await store.logs.lines(LogQuery(search: LogSearch("word"))).lines.count == 1)
        #expect(try await store.latest().first?.time == .first.after(99_000))
        let hours = try await store.series(SeriesQuery(metrics: ["x"], from: 0, to: .max, step: .seconds(3_600)))
        #expect(hours.series[0].points.map(\.count) == [100])
        let metrics = try await store.metrics()
        #expect(
            metrics.map(\.first) == [Timestamp.first.wall] && metrics.map(\.last) == [Timestamp.first.wall + 99_000])
        await store.close()
    }
}
