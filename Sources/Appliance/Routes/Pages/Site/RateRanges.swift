import Site

/// The least and greatest change per second of counters in the last 24 h, begun hours whole, from one reading to the next.
///
/// A bucket of a counter does not tell them, so raw readings are looked at: once for each hour, whose outcome is kept.
actor RateRanges {
    private struct Hour {
        var names: Set<String>
        var ranges: [Metric: ClosedRange<Double>]
    }

    private var hours: [Int64: Hour] = [:]

    private static let length: Int64 = 3_600_000
    /// Readings reach the store this late at most; so far before an hour its first change begins, too.
    private static let margin: Int64 = 180_000

    /// - Parameters:
    ///   - now: wall milliseconds.
    ///   - raw: asks for the stored samples of metrics in a stretch of wall milliseconds.
    func ranges(
        of names: [String], now: Int64,
        raw: @Sendable (_ names: [String], _ from: Int64, _ to: Int64) async throws -> [Series]
    ) async throws -> [Metric: ClosedRange<Double>] {
        guard !names.isEmpty else { return [:] }
        let last = now / Self.length
        hours = hours.filter { (last - 24...last).contains($0.key) }
        var all: [Metric: ClosedRange<Double>] = [:]
        for number in last - 24...last {
            let found = try await hour(number, names: names, now: now, raw: raw)
            all.merge(found.ranges) { Self.hull($0, $1) }
        }
        return all
    }

    private func hour(
        _ number: Int64, names: [String], now: Int64,
        raw: @Sendable (_ names: [String], _ from: Int64, _ to: Int64) async throws -> [Series]
    ) async throws -> Hour {
        if let known = hours[number], known.names.isSuperset(of: names) { return known }
        let (start, end) = (number * Self.length, (number + 1) * Self.length)
        var hour = Hour(names: Set(names), ranges: [:])
        for series in try await raw(names, start - Self.margin, end) {
            for point in series.rated.points where point.time >= start {
                let range = point.mean...point.mean
                hour.ranges[series.metric] = hour.ranges[series.metric].map { Self.hull($0, range) } ?? range
            }
        }
        // Only an hour that is over has an outcome to keep.
        if end + Self.margin < now { hours[number] = hour }
        return hour
    }

    private static func hull(_ left: ClosedRange<Double>, _ right: ClosedRange<Double>) -> ClosedRange<Double> {
        min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
    }
}
