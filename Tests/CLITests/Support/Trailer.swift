import Foundation
import Site

/// What the tests' unit knows: a few series with every kind of outcome, at fixed times.
enum Trailer {
    /// 2026-03-01T08:00:00Z.
    static let start: Int64 = 1_772_352_000_000

    static let enclosure = Metric("enclosure", .temperature, unit: .celsius)
    static let battery = Metric("battery", .voltage, unit: .volt, isSimulated: true)
    static let space = Metric(
        "board", Quantity(rawValue: "filesystem_free"), instance: "/srv/camera", unit: .byte)
    static let router = Metric("router-current", .current, unit: .ampere)

    static let metrics = [battery, space, enclosure, router].map {
        MetricDescription(metric: $0, first: start, last: start + 86_400_000)
    }

    static func time(_ seconds: Int64, isTrusted: Bool = true) -> Timestamp {
        Timestamp(wall: start + seconds * 1000, boot: 1, monotonic: seconds * 1000, isTrusted: isTrusted)
    }

    static let latest = [
        Reading(battery, at: time(0), value: 12.714),
        Reading(space, at: time(0), value: 12_345_678_901),
        Reading(enclosure, at: time(0), value: 21.4375),
        Reading(router, at: time(-60, isTrusted: false), noData: NoData(.notPresent, "no answer at 0x48")),
    ]

    static let points = [
        SeriesPoint(time: start, min: 21.25, mean: 21.4375, max: 21.5, count: 6),
        SeriesPoint(time: start + 180_000, min: -0.5, mean: 0, max: 1e-7, count: 5),
    ]
    static let gaps = [
        SeriesGap(from: start + 60_000, to: start + 120_000, reason: .badChecksum),
        SeriesGap(from: start + 120_000, to: start + 180_000, reason: nil),
    ]

    static let steps = SeriesAnswer(series: [Series(metric: enclosure, step: 60, points: points, gaps: gaps)])
    static let raw = SeriesAnswer(series: [
        Series(
            metric: enclosure, step: nil,
            points: [21.4375, 21.5].enumerated().map { index, value in
                SeriesPoint(time: start + Int64(index) * 10_000, min: value, mean: value, max: value, count: 1)
            },
            gaps: [SeriesGap(from: start + 20_000, to: start + 30_000, reason: .notPresent)])
    ])

    /// The script of a unit that knows all this.
    static let script: ScriptedUnit.Script = { path, query in
        switch path {
        case "/api/v1/metrics": return try ScriptedUnit.json(MetricsDocument(metrics: metrics))
        case "/api/v1/latest": return try ScriptedUnit.json(LatestDocument(readings: latest))
        case "/api/v1/series":
            let names = query.filter { $0.name == "metric" }.compactMap(\.value)
            let unknown = names.filter { name in
                !metrics.contains { [$0.metric.name, $0.metric.subject].contains(name) }
            }
            let isRaw = query.contains { $0.name == "step" && $0.value == "raw" }
            var answer = isRaw ? raw : steps
            answer.unknown = unknown
            return try ScriptedUnit.json(SeriesDocument(answer))
        default: return .init(status: 404, body: "")
        }
    }
}
