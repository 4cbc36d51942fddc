import Site

/// How a `SeriesQuery` is answered: which part of the range, how finely, from which stored resolution.
struct SeriesPlan: Hashable, Sendable {
    /// Wall milliseconds; whole steps when there is a step.
    var from: Int64
    /// Where the whole answer ends.
    var to: Int64
    /// Where this page ends, when that can be told beforehand.
    var pageEnd: Int64
    /// Seconds per point; nil for raw samples.
    var step: Int?

    var milliseconds: Int64 { Int64(step ?? 0) * 1_000 }

    /// The coarsest stored resolution that whole steps can be made of; nil for raw samples.
    var tier: Tier? {
        guard let step else { return nil }
        return [Tier.hour, .quarter, .minute].first { step.isMultiple(of: $0.rawValue) }
    }

    /// Raw samples that one page of steps may be made of.
    private static let mostRaw: Int64 = 400_000

    /// Steps that people use, in seconds.
    private static let steps = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400,
        2 * 86_400, 5 * 86_400, 10 * 86_400, 30 * 86_400, 100 * 86_400,
    ]

    /// Throws `StoreError` for a question that has no answer.
    init(_ query: SeriesQuery, series: [SeriesRecord], newest: Int64?) throws {
        guard query.from < query.to else {
            throw StoreError(.badQuery, "The range ends before it begins.", hint: "a from that lies before to")
        }
        guard query.limit > 0 else {
            throw StoreError(.badQuery, "The limit is \(query.limit).", hint: "a limit of 1 or more")
        }
        let bound: Int64 = 1 << 52
        // Before the first row of all there is nothing to divide, nor after the last.
        let first = series.compactMap(\.first).min() ?? bound
        let last = Swift.min(newest ?? -bound, bound) + 1
        from = Swift.max(query.from, Swift.min(first, bound), -bound)
        to = Swift.min(query.to, last, bound)
        pageEnd = to
        step = try Self.step(query.step, from: from, to: to, series: series)
        if let cursor = query.cursor { try resume(at: cursor) }
        guard let step else { return }
        from = Calendar.floor(from, to: milliseconds)
        to = Calendar.floor(Swift.max(to, from) + milliseconds - 1, to: milliseconds)
        let points = Int64(Swift.max(query.limit / Swift.max(series.count, 1), 1))
        var (span, overflows) = points.multipliedReportingOverflow(by: Int64(step) * 1_000)
        if tier == nil {
            // Made of raw samples, which are all read for a page: a page is at most some hours of them.
            let rows = Self.mostRaw / Int64(Swift.max(series.count, 1))
            let interval = Swift.max(series.map(\.interval).filter { $0 > 0 }.min() ?? 1_000, 1)
            let most = Swift.max(Calendar.floor(rows * interval, to: milliseconds), milliseconds)
            span = overflows ? most : Swift.min(span, most)
            overflows = false
        }
        pageEnd = overflows || span > to - from ? to : from + span
    }

    /// Whether there is anything to look for.
    var isEmpty: Bool { from >= to }

    private static func step(_ step: SeriesQuery.Step, from: Int64, to: Int64, series: [SeriesRecord]) throws -> Int? {
        switch step {
        case .raw: return nil
        case .seconds(let seconds):
            guard seconds >= 1, seconds <= 100 * 366 * 86_400 else {
                throw StoreError(.badQuery, "A step of \(seconds) seconds is not possible.", hint: "1 s or more")
            }
            return seconds
        case .points(let points):
            guard points >= 1 else {
                throw StoreError(.badQuery, "An answer of \(points) points is not possible.", hint: "1 point or more")
            }
            let wanted = Swift.max(to - from, 0) / 1_000 / Int64(clamping: points)
            let step = steps.first { Int64($0) >= wanted } ?? Int(wanted / 86_400 + 1) * 86_400
            // Finer than it was measured would be a point and a hole in turn.
            let interval = series.map(\.interval).max() ?? 0
            return Int64(step) * 1_000 <= interval ? nil : step
        }
    }

    // MARK: Cursor

    /// `1763692520000.60`: where the next page begins, and the step that was chosen for the first one.
    func cursor(at wall: Int64) -> String { "\(wall).\(step.map(String.init) ?? "raw")" }

    private mutating func resume(at cursor: String) throws {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let wall = Int64(parts[0]), Swift.abs(wall.clampedForCursor) <= 1 << 52,
            parts[1] == "raw" || Int(parts[1]).map({ $0 >= 1 && $0 <= 100 * 366 * 86_400 }) == true
        else {
            throw StoreError(
                .badCursor, "‘\(cursor.prefix(60))’ is not a cursor: it is the 'next' of the answer before.",
                hint: "the same without a cursor, from the beginning")
        }
        from = Swift.max(from, wall)
        step = Int(parts[1])
    }
}

extension Int64 {
    fileprivate var clampedForCursor: Int64 { self == .min ? .max : self }
}
