import Site

/// Finds the stretches without values between the rows of one series.
struct Gaps {
    /// A row of the series: a raw sample, or a bucket.
    struct Row {
        /// Wall milliseconds.
        var wall: Int64
        /// Milliseconds until another one was due.
        var interval: Int64
        /// nil when it has a value.
        var reason: NoData.Reason?
    }

    private let from: Int64
    private let to: Int64
    /// What was recorded last of all: behind it nothing can be missed.
    private let newest: Int64
    /// Length of a bucket; 0 for raw samples, which stand for their interval.
    private let step: Int64
    /// When the series was first asked for: no row before it says anything.
    private let first: Int64?
    private var gaps: [SeriesGap] = []
    private var last: Stretch?

    /// What a row stands for: a raw sample for its interval, a bucket for its step.
    private struct Stretch {
        var start: Int64
        var end: Int64
        var interval: Int64
        var reason: NoData.Reason?
    }

    init(from: Int64, to: Int64, newest: Int64?, step: Int64, first: Int64? = nil) {
        self.from = from
        self.to = to
        self.newest = newest ?? from
        self.step = step
        self.first = first
    }

    /// The next row in time.
    ///
    /// Rows before the range count too: they say until when its start is covered.
    mutating func add(_ row: Row) {
        var stretch = Stretch(
            start: row.wall, end: row.wall + (step == 0 ? row.interval : step), interval: row.interval,
            reason: row.reason)
        if let last {
            close(last, at: row.wall)
        } else {
            // A bucket begins before the first reading that is in it.
            if step > 0, let first, first > stretch.start, first < stretch.end { stretch.start = first }
            if Self.isHole(stretch.start - from, interval: row.interval) {
                append(SeriesGap(from: from, to: stretch.start, reason: nil))
            }
        }
        last = stretch
    }

    /// The gaps of the whole range, none of which reaches beyond what can be known; `interval` counts where there was no row at all.
    mutating func finish(interval: Int64) -> [SeriesGap] {
        let end = min(to, newest)
        if let last {
            close(last, at: max(end, last.start), isEnd: true)
        } else if Self.isHole(end - from, interval: interval) {
            append(SeriesGap(from: from, to: end, reason: nil))
        }
        return gaps
    }

    /// A stretch longer than two and a half intervals without any row: one that is late is no gap, two missing are.
    private static func isHole(_ length: Int64, interval: Int64) -> Bool {
        let (tenths, overflows) = interval.multipliedReportingOverflow(by: 25)
        return overflows ? false : length > tenths / 10
    }

    private mutating func close(_ stretch: Stretch, at wall: Int64, isEnd: Bool = false) {
        let isHole = Self.isHole(wall - (step == 0 ? stretch.start : stretch.end), interval: stretch.interval)
        if let reason = stretch.reason {
            // The last bucket may not be over.
            let known = isEnd ? min(stretch.end, wall + stretch.interval) : isHole ? stretch.end : wall
            append(SeriesGap(from: stretch.start, to: known, reason: reason))
        }
        if isHole { append(SeriesGap(from: stretch.end, to: wall, reason: nil)) }
    }

    private mutating func append(_ gap: SeriesGap) {
        let from = max(gap.from, from)
        let to = min(gap.to, to)
        guard from < to else { return }
        if let before = gaps.last, before.reason == gap.reason, before.to >= from {
            gaps[gaps.count - 1].to = max(before.to, to)
        } else {
            gaps.append(SeriesGap(from: from, to: to, reason: gap.reason))
        }
    }
}
