import Site
import TestSupport
import Testing

@testable import Store

/// The store as it ought to be: a list of what was told to it, and answers by looking at all of it.
private struct Model {
    struct Row {
        var metric: Metric
        var time: Timestamp
        var interval: Int64
        var outcome: Reading.Outcome
    }

    var rows: [Row] = []

    mutating func append(_ batch: ReadingBatch) {
        for reading in batch.readings {
            rows.append(
                Row(
                    metric: reading.metric, time: batch.time, interval: batch.interval.milliseconds,
                    outcome: reading.outcome))
        }
    }

    mutating func clockWasSet(boot: Int, at time: Timestamp) {
        for index in rows.indices where rows[index].time.boot == boot && !rows[index].time.isTrusted {
            rows[index].time.wall = time.wall + rows[index].time.monotonic - time.monotonic
            rows[index].time.isTrusted = true
        }
    }

    func raw(_ metric: Metric, from: Int64, to: Int64) -> [SeriesPoint] {
        rows.filter { $0.metric == metric && $0.time.wall >= from && $0.time.wall < to }
            .compactMap { row in
                guard case .value(let value) = row.outcome else { return nil }
                return SeriesPoint(time: row.time.wall, min: value, mean: value, max: value, count: 1)
            }
            .sorted { ($0.time, $0.mean) < ($1.time, $1.mean) }
    }

    /// Whole steps that the range touches, as far as there is anything stored.
    func stepped(_ metric: Metric, step: Int64, from: Int64, to: Int64) -> [SeriesPoint] {
        guard let newest = rows.map(\.time.wall).max() else { return [] }
        let end = Calendar.floor(min(to, newest + 1) + step - 1, to: step)
        let values = raw(metric, from: Calendar.floor(from, to: step), to: end)
        return Dictionary(grouping: values) { Calendar.floor($0.time, to: step) }.map { time, values in
            SeriesPoint(
                time: time, min: values.map(\.min).min() ?? 0,
                mean: values.reduce(0) { $0 + $1.mean } / Double(values.count), max: values.map(\.max).max() ?? 0,
                count: values.count)
        }.sorted { $0.time < $1.time }
    }
}

/// A unit that lives through random batches, clocks, corrections and restarts.
private struct Life {
    let place: Workplace
    var random: SeededGenerator
    var store: Store
    var model = Model()
    var window: Duration
    var boot = 1
    var now: Timestamp

    init(seed: UInt64) async throws {
        random = SeededGenerator(seed: seed)
        place = try Workplace()
        window = .seconds([5, 60, 600].randomElement(using: &random) ?? 60)
        now = .first
        now.isTrusted = Bool.random(using: &random)
        store = await place.open(window: window, boot: "kernel-1", at: now)
    }

    private static let metrics =
        (0..<4).map { Metric.temperature("sensor-\($0)") }
        + [.temperature("sensor-0", isSimulated: true)]

    private mutating func value(_ metric: Metric) -> Double? {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: nil
        case 1: Double.random(in: -1e6...1e6, using: &random)
        default: Double(Int.random(in: 300...360, using: &random)) * 0.0625
        }
    }

    mutating func batches() async {
        let interval = [1, 10, 60].randomElement(using: &random) ?? 1
        let metrics = Array(Self.metrics.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)))
        for _ in 0..<Int.random(in: 1...120, using: &random) {
            now = now.after(Int64(interval * 1_000 + Int.random(in: -20...20, using: &random)))
            let batch = ReadingBatch(now, every: .seconds(interval), metrics.map { ($0, value($0)) })
            await store.history.append(batch)
            model.append(batch)
        }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: try await store.history.flush()
        case 1:  // The program is started again, perhaps after a reboot.
            await store.close()
            if Bool.random(using: &random) {
                boot += 1
                now = Timestamp(
                    wall: now.wall + Int64.random(in: -86_400_000...86_400_000, using: &random), boot: boot,
                    monotonic: 20_000, isTrusted: false)
            }
            store = await place.open(window: window, boot: "kernel-\(boot)", at: now)
            #expect(store.boot == boot)
        case 2:  // The clock jumps, by up to three years.
            now.wall += Int64.random(in: -94_608_000_000...94_608_000_000, using: &random)
        case 3 where !now.isTrusted:
            let wall = Timestamp.first.wall + Int64.random(in: 0...864_000_000, using: &random)
            let offset = wall - now.wall
            now.wall = wall
            now.isTrusted = true
            try await store.clockWasSet(boot: boot, offset: offset, at: now)
            model.clockWasSet(boot: boot, at: now)
        case 4:  // The unit is off for a while.
            now = now.after(Int64.random(in: 60_000...90_000_000, using: &random))
        default: await batches()
        }
    }

    mutating func check() async throws {
        let walls = model.rows.map(\.time.wall)
        guard let first = walls.min(), let last = walls.max() else { return }
        var (from, to) = (first, last + 1)
        if Bool.random(using: &random) {
            from = Int64.random(in: first...last, using: &random)
            to = from + Int64.random(in: 1...100_000_000, using: &random)
        }
        for metric in Self.metrics where model.rows.contains(where: { $0.metric == metric }) {
            try await checkRaw(metric, from: from, to: to)
            for step in [7, 60, 900, 3_600, 86_400] { try await checkSteps(metric, step: step, from: from, to: to) }
        }
    }

    private func ask(_ metric: Metric, _ step: SeriesQuery.Step, from: Int64, to: Int64) async throws -> [SeriesPoint] {
        var query = SeriesQuery(metrics: [metric.name], from: from, to: to, step: step, limit: 2_000)
        var points: [SeriesPoint] = []
        repeat {
            let page = try await store.series(query)
            #expect(page.series.reduce(0) { $0 + $1.points.count } <= query.limit)
            points += page.series.first { $0.metric == metric }?.points ?? []
            query.cursor = page.next
        } while query.cursor != nil
        return points
    }

    private func checkRaw(_ metric: Metric, from: Int64, to: Int64) async throws {
        let points = try await ask(metric, .raw, from: from, to: to)
        #expect(points.map(\.time) == points.map(\.time).sorted())
        let expected = model.raw(metric, from: from, to: to)
        let isRight = points.sorted { ($0.time, $0.mean) < ($1.time, $1.mean) } == expected
        #expect(isRight, "\(points.count) samples, not \(expected.count)")
    }

    private func checkSteps(_ metric: Metric, step: Int, from: Int64, to: Int64) async throws {
        // Where the clock was off by years, minutes would be hundreds of empty pages.
        guard step >= 3_600 || to - from < 200_000_000 else { return }
        let points = try await ask(metric, .seconds(step), from: from, to: to)
        let expected = model.stepped(metric, step: Int64(step) * 1_000, from: from, to: to)
        let isRight =
            points.count == expected.count
            && zip(points, expected).allSatisfy { point, expected in
                point.time == expected.time && point.count == expected.count && point.min == expected.min
                    && point.max == expected.max && abs(point.mean - expected.mean) <= 1e-5 * max(1, abs(expected.mean))
            }
        #expect(isRight, "step \(step): \(points.count) points, not \(expected.count)")
    }
}

@Suite("The store against a naive model")
struct ModelTests {
    @Test("answers what it was told, through any life", arguments: 0..<10)
    func life(_ seed: Int) async throws {
        var life = try await Life(seed: UInt64(seed))
        for _ in 0..<25 {
            try await life.step()
            try await life.check()
        }
        await life.store.close()
        life.store = try await Store.reading(life.place.directory)
        try await life.check()
    }
}
