import Site
import Store
import Testing

@testable import Appliance

@Suite("The log of a ControlByWeb box")
struct ControlByWebLogTests {
    /// 2026-11-30 07:00:00 UTC, midnight in Denver.
    private static let midnight: Int64 = 1_796_022_000_000

    private func box() throws -> ControlByWebBox {
        try ControlByWebFixture.box(.x410, ", relays: [lamp, router], inputs: [door], sensors: [enclosure]")
    }

    private func metric(_ name: String, _ unit: Unit = .none) throws -> Metric {
        try #require(Metric(name: name, unit: unit, isSimulated: false))
    }

    /// A history of a few series.
    private struct Recorded: ReadingSource {
        let series: [Series]

        func metrics() async throws -> [MetricDescription] { [] }
        func latest() async throws -> [Reading] { [] }
        func events(_ query: EventQuery) async throws -> [RecordedEvent] { [] }

        func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
            let range = query.from..<query.to
            let found = series.filter { query.metrics.contains($0.metric.name) }.map { one in
                Series(
                    metric: one.metric, step: one.step, points: one.points.filter { range.contains($0.time) },
                    gaps: one.gaps.filter { range.contains($0.from) })
            }
            return SeriesAnswer(series: found)
        }
    }

    @Test("a line for each change and each quarter of an hour, by the site's clock")
    func lines() async throws {
        func points(_ values: [(Int64, Double)]) -> [SeriesPoint] {
            values.map { SeriesPoint(time: Self.midnight + $0 * 1000, min: $1, mean: $1, max: $1, count: 1) }
        }
        let series = [
            Series(
                metric: try metric("relay.state@lamp"), step: nil,
                points: points([(-5, 0), (5, 0), (46, 1), (60, 1), (108, 0)]), gaps: []),
            Series(metric: try metric("relay.state@router"), step: nil, points: points([(-5, 1), (48, 0)]), gaps: []),
            Series(
                metric: try metric("input.state@door"), step: nil, points: points([(0, 1)]),
                gaps: [
                    SeriesGap(from: Self.midnight + 30_000, to: Self.midnight + 50_000, reason: .busError)
                ]),
            Series(
                metric: try metric("enclosure.temperature", .celsius), step: nil,
                points: points([(-40, 40), (-4, 25.55), (46, 26), (60, 27), (109, 50)]),
                gaps: [
                    SeriesGap(from: Self.midnight + 47_000, to: Self.midnight + 60_000, reason: .busError)
                ]),
        ]
        let zone = try #require(LocalZone.named("America/Denver"))
        let log = ControlByWebLog(try box(), source: Recorded(series: series), zone: zone)
        let text = try await log.text(from: Self.midnight - 10_000, now: Self.midnight + 600_000)
        #expect(
            text
                == [
                    "Date Time,I1,R1,R2,S1,Source",
                    "11/30/2026 00:00:00,1,0,0,078.0,Interval",
                    "11/30/2026 00:00:46,x,1,0,078.8,Relay01:(on)",
                    "11/30/2026 00:00:48,x,1,1,x.x,Relay02:(on)",
                    "11/30/2026 00:01:48,x,0,1,x.x,Relay01:(off)", "",
                ].joined(separator: "\r\n"))
        let later = try await log.text(from: Self.midnight + 599_000, now: Self.midnight + 600_000)
        #expect(later == "Date Time,I1,R1,R2,S1,Source\r\n")
    }

    @Test("a line has the newest reading of its time: none of later, of before the unit began, nor a long time ago")
    func measured() {
        let times: [Int64] = [0, 1_000_000, 1_000_001, 1_030_000, 1_030_001, 1_060_000]
        func part(_ values: [(Int64, Double)]) -> [Series] {
            let points = values.map { SeriesPoint(time: $0, min: $1, mean: $1, max: $1, count: 1) }
            return [Series(metric: Metric("air", .temperature, unit: .celsius), step: nil, points: points, gaps: [])]
        }
        var column = ControlByWebLogColumn(times, interval: .seconds(10))
        column.take(part([(1_000_000, 20)]))
        column.take(part([(1_060_001, 30)]))
        column.finish()
        #expect(column.values == [nil, 20, 20, 20, nil, nil])
        // One that is read seldom is known for longer.
        var slow = ControlByWebLogColumn(times, interval: .seconds(20))
        slow.take(part([(1_000_000, 20)]))
        slow.finish()
        #expect(slow.values == [nil, 20, 20, 20, 20, 20])
    }

    @Test("the first change after the beginning is one, however soon it comes")
    func soon() {
        let changes = [(time: Self.midnight - 5000, isOn: Optional(false)), (time: Self.midnight + 300, isOn: true)]
        let entries = ControlByWebLog.entries(
            [.init(changes: changes)], from: Self.midnight, to: Self.midnight + 60_000, inputs: 0)
        #expect(entries.map(\.source) == ["Interval", "Relay01:(on)"])
        #expect(entries.map(\.bits) == [[false], [true]])
    }

    @Test("of very many changes the newest are told")
    func many() {
        let changes = (Int64(0)...70_000).map { (time: Self.midnight + $0 * 1000, isOn: Optional($0 % 2 == 0)) }
        let entries = ControlByWebLog.entries(
            [.init(changes: changes)], from: Self.midnight, to: Self.midnight + 70_001_000, inputs: 1)
        #expect(entries.count == ControlByWebLog.mostLines && entries.last?.time == Self.midnight + 70_000_000)
    }

    @Test(
        "five places, as there",
        arguments: [
            (25.55, "025.6"), (-5.04, "-05.0"), (100.0, "100.0"), (-40.0, "-40.0"), (1234.5, "1234.5"),
            (-0.01, "000.0"),
        ])
    func padded(_ value: Double, _ text: String) { #expect(ControlByWebLog.padded(value) == text) }
}
