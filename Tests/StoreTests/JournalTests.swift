import Site
import Testing

@testable import Store

@Suite("Journal and logs")
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
        let line = LogLine(received: wrong, source: "x", facility: 1, severity: 5, text: "t")
        try await store.logs.append([line])
        var now = Timestamp.first.after(100_000)
        now.isTrusted = true
        try await store.clockWasSet(boot: 1, offset: Timestamp.first.wall - wrong.wall, at: now)
        let points = try await store.raw("x")?.points ?? []
        #expect(points.map(\.time) == (0..<100).map { Timestamp.first.wall + Int64($0) * 1_000 })
        let event = try await store.events(EventQuery()).first?.event
        #expect(event?.time == .first)
        #expect(try await store.logs.lines(LogQuery()).first?.line.received == .first)
        #expect(try await store.latest().first?.time == .first.after(99_000))
        let hours = try await store.series(SeriesQuery(metrics: ["x"], from: 0, to: .max, step: .seconds(3_600)))
        #expect(hours.series[0].points.map(\.count) == [100])
        let metrics = try await store.metrics()
        #expect(
            metrics.map(\.first) == [Timestamp.first.wall] && metrics.map(\.last) == [Timestamp.first.wall + 99_000])
        await store.close()
    }

    @Test("log lines come back, filtered, and the oldest go by age and by size")
    func logs() async throws {
        let place = try Workplace()
        let store = await place.open()
        for batch in 0..<10 {
            let lines = (0..<500).map { number in
                LogLine(
                    received: .first.after(Int64(batch) * 86_400_000 + Int64(number)), host: "router-\(number % 2)",
                    source: "192.168.1.\(number % 3)", facility: 3, severity: number % 8, program: "kernel",
                    text: "line \(batch)/\(number) Link is UP")
            }
            try await store.logs.append(lines)
        }
        func lines(_ query: LogQuery) async throws -> [RecordedLine] { try await store.logs.lines(query) }
        #expect(try await lines(LogQuery(limit: 1)).first?.line.text == "line 9/499 Link is UP")
        #expect(try await lines(LogQuery(host: "router-1", limit: 10_000)).count == 2_500)
        #expect(try await lines(LogQuery(atLeast: 0, limit: 10_000)).count == 630)
        #expect(try await lines(LogQuery(containing: "4/17 LINK", limit: 9)).count == 1)
        let now = Timestamp.first.after(10 * 86_400_000)
        try await store.logs.maintain(now: now, keeping: .seconds(5 * 86_400 + 3_600), bytes: 100_000_000)
        #expect(try await lines(LogQuery(limit: 10_000)).count == 2_500)
        try await store.logs.maintain(now: now, keeping: nil, bytes: 200_000)
        let rest = try await lines(LogQuery(limit: 10_000))
        #expect(!rest.isEmpty && rest.count < 2_000)
        #expect(rest.first?.line.text == "line 9/499 Link is UP")
        await store.close()
    }
}
