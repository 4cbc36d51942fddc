import Site
import Store

/// Since when a metric that has no value now has had none.
enum Silence: Hashable, Sendable {
    /// Since its last value, as it was measured.
    case after(SeriesPoint)
    /// It never had one; it is asked for since then (wall milliseconds).
    case always(since: Int64)
    /// Longer than the last 24 h, which is as far as the page looks.
    case long

    /// `33 s`, `8 min`, `more than 24 h`.
    func words(now: Int64) -> String {
        switch self {
        case .after(let point): Elapsed.age(milliseconds: now - point.time)
        case .always(let since): Elapsed.age(milliseconds: now - since)
        case .long: "more than \(Elapsed.age(milliseconds: TileBuilder.dayLength))"
        }
    }

    /// Finds the last values: from the day's buckets which of them holds it, from its raw samples when it was.
    ///
    /// - Parameters:
    ///   - day: the last 24 h, in steps.
    ///   - raw: asks for the stored samples of metrics in a stretch of wall milliseconds.
    ///   - first: asks when each metric was first seen; only called when one never had a value.
    static func find(
        _ latest: [Reading], day: [Series], now: Int64,
        raw: (_ names: [String], _ from: Int64, _ to: Int64) async throws -> [Series],
        first: () async throws -> [MetricDescription]
    ) async throws -> [Metric: Silence] {
        let missing = Set(latest.filter { $0.value == nil }.map(\.metric))
        let series = day.filter { missing.contains($0.metric) }
        var silences: [Metric: Silence] = [:]
        for (start, members) in Dictionary(grouping: series, by: { $0.points.last?.time }) {
            guard let start else {
                let first = Dictionary(try await first().map { ($0.metric, $0.first) }) { $1 }
                for member in members {
                    let since = first[member.metric].flatMap { $0 } ?? .min
                    let isWithin = since > now - TileBuilder.dayLength
                    silences[member.metric] = isWithin ? .always(since: since) : .long
                }
                continue
            }
            let end = start + Int64(members.compactMap(\.step).max() ?? 900) * 1000
            let wanted = Set(members.map(\.metric))
            for found in try await raw(Set(members.map(\.metric.name)).sorted(), start, end) {
                if wanted.contains(found.metric), let last = found.points.last { silences[found.metric] = .after(last) }
            }
        }
        return silences
    }
}
