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
    private var gaps: [SeriesGap] = []
    private var last: Row?

    init(from: Int64, to: Int64, newest: Int64?, step: Int64) {
        self.from = from
        self.to = to
        self.newest = newest ?? from
        self.step = step
    }

    /// The next row in time.
    ///
    /// Rows before the range count too: they say until when its start is covered.
    mutating func add(_ row: Row) {
        if let last {
            close(last, at: row.wall)
        } else if Self.isHole(row.wall - from, interval: row.interval) {
            append(SeriesGap(from: from, to: row.wall, reason: nil))
        }
        last = row
    }

    /// The gaps of the whole range; `interval` counts where there was no row at all.
    mutating func finish(interval: Int64) -> [SeriesGap] {
        let end = min(to, newest)
        if let last {
            close(last, at: max(end, last.wall), isEnd: true)
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

    private mutating func close(_ row: Row, at wall: Int64, isEnd: Bool = false) {
        let covered = row.wall + (step == 0 ? row.interval : step)
        let isHole = Self.isHole(wall - row.wall - step, interval: row.interval)
        if let reason = row.reason {
            append(SeriesGap(from: row.wall, to: isHole || isEnd ? covered : wall, reason: reason))
        }
        if isHole { append(SeriesGap(from: covered, to: wall, reason: nil)) }
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
