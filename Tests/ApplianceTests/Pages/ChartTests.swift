import Site
import Testing

@testable import Appliance

@Suite("What is made of a series") struct ChartTests {
    static let metric = Metric("enclosure", .temperature, unit: .celsius)

    static func points(_ times: [Int64]) -> [SeriesPoint] {
        times.map { .init(time: $0, min: 1, mean: 2, max: 3, count: 1) }
    }

    @Test("raw samples are parted by a gap, and by nothing else")
    func rawSegments() {
        let series = Series(
            metric: Self.metric, step: nil, points: Self.points([0, 10_000, 60_000, 70_000]),
            gaps: [.init(from: 65_000, to: 68_000, reason: .timeout)])
        #expect(series.segments.map(\.count) == [3, 1])
    }

    @Test("buckets are parted only where a whole bucket is missing")
    func bucketSegments() {
        let series = Series(
            metric: Self.metric, step: 60, points: Self.points([0, 60_000, 180_000]),
            gaps: [.init(from: 10_000, to: 20_000, reason: .timeout), .init(from: 120_000, to: 180_000, reason: nil)])
        #expect(series.segments.map(\.count) == [2, 1])
    }

    @Test("a counter becomes a rate; a restart and a gap make none")
    func rates() {
        let counter = Metric("board", Quantity(rawValue: "network_received"), instance: "eth0", unit: .byte)
        let points = [(0, 100.0), (10_000, 300.0), (20_000, 50.0), (30_000, 60.0), (90_000, 600.0)].map {
            SeriesPoint(time: $0.0, min: $0.1, mean: $0.1, max: $0.1, count: 1)
        }
        let rated = Series(
            metric: counter, step: nil, points: points, gaps: [.init(from: 40_000, to: 90_000, reason: nil)]
        ).rated
        #expect(rated.points.map(\.mean) == [20, 1])
        #expect(rated.metric.unit.rawValue == "B/s")
    }

    @Test("a mean of buckets is weighted by what is in them")
    func summary() throws {
        let series = Series(
            metric: Self.metric, step: 60,
            points: [
                .init(time: 0, min: 1, mean: 2, max: 3, count: 9),
                .init(time: 60_000, min: 0, mean: 12, max: 14, count: 1),
            ],
            gaps: [])
        let summary = try #require(SeriesSummary(series))
        #expect((summary.min, summary.mean, summary.max) == (0, 3, 14))
    }

    @Test(
        "an axis is marked at round numbers around the values",
        arguments: [
            (18.2, 31.9, "°C", ["15", "20", "25", "30", "35"]),
            (12.38, 13.71, "V", ["12.0", "12.5", "13.0", "13.5", "14.0"]),
            (0.1, 7.9, "W", ["0", "2", "4", "6", "8"]), (1.2e9, 3.9e9, "B", ["0", "1", "2", "3", "4"]),
            (-4.4, 9.4, "°C", ["\u{2212}5", "0", "5", "10"]),
        ])
    func axis(min: Double, max: Double, unit: String, labels: [String]) {
        let axis = ValueAxis(min: min, max: max, unit: unit)
        #expect(axis.ticks.map(\.label) == labels)
        #expect(axis.low <= min && axis.high >= max)
    }

    @Test("a value that never changes, or is enormous, still has an axis", arguments: [0, 21.5, -3, 1e15, 1e-9])
    func flatAxis(value: Double) {
        for unit in ["°C", "V", "B", "s", ""] {
            let axis = ValueAxis(min: value, max: value, unit: unit)
            #expect(axis.high > axis.low)
            #expect((2...12).contains(axis.ticks.count))
            #expect(axis.position(value).isFinite)
        }
    }

    @Test("a gap tells its reason and when it was")
    func gapTitle() {
        let series = Series(
            metric: Self.metric, step: nil, points: [],
            gaps: [.init(from: 3_600_000, to: 7_200_000, reason: .notPresent)])
        let svg = Sparkline.svg(
            series, from: 0, to: 86_400_000, clock: LocalTime(zone: .utc), label: "Enclosure", range: nil)
        #expect(svg.text.contains("no data: sensor not present, 1\u{A0}Jan 01:00 to 1\u{A0}Jan 02:00"))
        #expect(svg.text.contains("no values in the last 24 h"))
    }

    @Test(
        "path data is short and never says NaN",
        arguments: [(1.25, "1.5"), (-0.5, "-0.5"), (-2.26, "-2.5"), (3, "3"), (.infinity, "1000000")])
    func pathNumbers(value: Double, text: String) {
        #expect(SVGPath.number(value) == text)
    }
}
