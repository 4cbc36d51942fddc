import Site
import Testing

@testable import Store

@Suite("History")
struct HistoryTests {
    let place = try? Workplace()
    let enclosure = Metric.temperature("enclosure")

    private func workplace() throws -> Workplace { try #require(place) }

    @Test("the first batch is on disk at once, the next ones at the end of the window; readers see all of them")
    func firstBatch() async throws {
        let place = try workplace()
        let store = await place.open()
        for second in 0..<61 {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(enclosure, Double(second))]))
            let seen = try await store.raw("enclosure.temperature")
            #expect(seen?.points.count == second + 1)
            // A reader of the file sees what a power cut would leave.
            let reader = try await Store.reading(place.directory)
            let stored = try await reader.raw("enclosure.temperature")?.points.count
            #expect(stored == (second < 60 ? 1 : 61))
            await reader.close()
        }
        await store.close()
    }

    @Test("a closed store has lost nothing")
    func closing() async throws {
        let place = try workplace()
        let store = await place.open()
        for second in 0..<30 {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(enclosure, second == 7 ? nil : Double(second) / 3)]))
        }
        await store.close()
        let reader = try await Store.reading(place.directory)
        let series = try #require(try await reader.raw("enclosure"))
        let expected = (0..<30).filter { $0 != 7 }.map { Double($0) / 3 }
        #expect(series.points.map(\.mean) == expected)
        let gap = SeriesGap(from: Timestamp.first.wall + 7_000, to: Timestamp.first.wall + 8_000, reason: .timeout)
        #expect(series.gaps == [gap])
        #expect(try await reader.latest().map(\.value) == [Double(29) / 3])
        let metric = try #require(try await reader.metrics().first)
        #expect(metric.metric == enclosure)
        #expect(metric.first == Timestamp.first.wall && metric.last == Timestamp.first.wall + 29_000)
        await reader.close()
    }

    @Test("nothing recorded is a gap without a reason, once more than two readings are missing")
    func silence() async throws {
        let store = await (try workplace()).open()
        for second in [0, 1, 2, 4, 9, 10] {
            await store.history.append(
                ReadingBatch(.first.after(Int64(second) * 1_000), [(enclosure, Double(second))]))
        }
        let series = try #require(try await store.raw("enclosure"))
        let start = Timestamp.first.wall
        #expect(series.gaps == [SeriesGap(from: start + 5_000, to: start + 9_000, reason: nil)])
        await store.close()
    }

    @Test(
        "before the first reading nothing was recorded, and no gap reaches beyond what is known", arguments: [1, 900])
    func bounds(step: Int) async throws {
        let place = try Workplace()
        defer { withExtendedLifetime(place) {} }
        let store = await place.open()
        // 12 min into a quarter of an hour.
        let start = Timestamp.first.after(720_000)
        for second in 0..<30 {
            let time = start.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(.temperature("gone"), nil)]))
        }
        let now = start.wall + 30_000
        let day = now - 86_400_000
        let query = SeriesQuery(metrics: ["gone"], from: day, to: now, step: step == 1 ? .raw : .seconds(step))
        let gaps = try await store.series(query).series.first?.gaps
        #expect(
            gaps == [
                SeriesGap(from: day, to: start.wall, reason: nil),
                SeriesGap(from: start.wall, to: now, reason: .timeout),
            ])
        let before = SeriesQuery(metrics: ["gone"], from: day, to: day + 60_000)
        let empty = try await store.series(before).series.first
        #expect(empty?.gaps == [SeriesGap(from: day, to: day + 60_000, reason: nil)])
        // Without a beginning there is nothing before the first reading.
        #expect(try await store.raw("gone")?.gaps.first?.from == start.wall)
        await store.close()
    }

    @Test("a real and a simulated series of one name are two series")
    func simulated() async throws {
        let store = await (try workplace()).open()
        await store.history.append(
            ReadingBatch(.first, [(enclosure, 1), (.temperature("enclosure", isSimulated: true), 2)]))
        let answer = try await store.series(
            SeriesQuery(metrics: ["enclosure", "enclosure.temperature", "nobody"], from: 0, to: .max, step: .raw))
        #expect(answer.series.map(\.metric.isSimulated) == [false, true])
        #expect(answer.series.map { $0.points.map(\.mean) } == [[1], [2]])
        #expect(answer.unknown == ["nobody"])
        await store.close()
    }

    @Test("pages of an answer join to the whole", arguments: [1, 7, 50, 1_000])
    func paging(limit: Int) async throws {
        let store = await (try workplace()).open(window: .seconds(10))
        let other = Metric.temperature("other")
        for second in 0..<120 where second != 50 {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(enclosure, Double(second)), (other, nil)]))
        }
        for step in [SeriesQuery.Step.raw, .seconds(3), .seconds(60)] {
            var query = SeriesQuery(metrics: ["enclosure", "other"], from: 0, to: .max, step: step)
            let whole = try await store.series(query)
            query.limit = limit
            var points: [SeriesPoint] = []
            var pages = 0
            repeat {
                let page = try await store.series(query)
                points += page.series[0].points
                query.cursor = page.next
                pages += 1
            } while query.cursor != nil && pages < 500
            #expect(points == whole.series[0].points)
            #expect(whole.next == nil)
        }
        await store.close()
    }

    @Test(
        "a question that has no answer gets a sentence",
        arguments: [
            SeriesQuery(metrics: ["a"], from: 2, to: 1), SeriesQuery(metrics: ["a"], from: 1, to: 2, limit: 0),
            SeriesQuery(metrics: ["a"], from: 1, to: 2, step: .seconds(0)),
            SeriesQuery(metrics: ["a"], from: 1, to: 2, step: .points(-1)),
            SeriesQuery(metrics: ["a"], from: 1, to: 2, cursor: "yesterday"),
            SeriesQuery(metrics: ["a"], from: 1, to: 2, cursor: "\(Int64.min).0"),
        ])
    func badQuestions(_ query: SeriesQuery) async throws {
        let store = await (try workplace()).open()
        let error = await #expect(throws: StoreError.self) { try await store.series(query) }
        #expect(error?.code == (query.cursor == nil ? .badQuery : .badCursor) && error?.hint != nil)
        await store.close()
    }

    @Test("extreme clocks and ranges do no harm")
    func extremes() async throws {
        let store = await (try workplace()).open()
        for wall in [Int64.min, -1, 0, .max, 5] {
            let time = Timestamp(wall: wall, boot: 1, monotonic: wall, isTrusted: wall == 5)
            await store.history.append(ReadingBatch(time, every: .seconds(Int64.max), [(enclosure, 1)]))
        }
        try await store.history.flush()
        for step in [SeriesQuery.Step.raw, .points(100), .seconds(60), .seconds(86_400)] {
            let query = SeriesQuery(metrics: ["enclosure"], from: .min, to: .max, step: step)
            _ = try await store.series(query)
        }
        try await store.history.maintain(now: Timestamp(wall: .max, boot: 1, monotonic: 0, isTrusted: true))
        await store.close()
    }
}
