import NAS

/// How hard the drive of the cameras has it, from what the kernel counts: no clock, no I/O.
struct DriveStrain {
    enum Change: Hashable, Sendable {
        /// So many commands have failed since it was put in.
        case errors(disk: String, count: UInt64)
        /// The file system has met so many errors since it was put in.
        case damage(disk: String, count: UInt64)
        /// For ten minutes it was at work for this share of the time.
        case slow(disk: String, share: Double)
        case eased(disk: String)
        /// Milliseconds that a write took in its best hour, and takes now.
        case falling(disk: String, from: Int, to: Int)
        /// It has answered nothing since the last look, and commands wait for it.
        case hung
        case answers(disk: String)
    }

    struct Figures: Hashable, Sendable {
        /// Since it was put in.
        var errors: UInt64
        /// The share of the time since the last look, from 0 to 1; nil at the first.
        var busy: Double?
        /// Seconds of one write, mean since the last look; nil when nothing was written.
        var write: Double?
    }

    /// Milliseconds.
    static let window: Int64 = 600_000
    private static let slow = 0.9
    private static let eased = 0.6
    private static let hour: Int64 = 3_600_000
    /// Writes of an hour that say something of a drive; and milliseconds of one that are of no harm.
    private static let leastWrites: UInt64 = 100
    private static let harmless = 100.0

    /// When the drive was met first.
    private var first: DriveCounters?
    private var points: [(time: Int64, counters: DriveCounters)] = []
    /// So many have to be there before they are told: one, then ten times as many as were told last.
    private var nextErrors: UInt64 = 1
    private var nextDamage: UInt64 = 1
    private var isSlow = false
    private var isHung = false
    private var hourBegan: (time: Int64, counters: DriveCounters)?
    /// Milliseconds of a write in its best hour.
    private var best: Double?
    private var isFalling = false

    /// - Parameter time: Milliseconds since boot.
    mutating func look(_ counters: DriveCounters, at time: Int64) -> (figures: Figures, changes: [Change]) {
        let first = first(for: counters)
        let errors = Self.grown(first.errors, counters.errors)
        var figures = Figures(errors: errors)
        if let last = points.last, time > last.time {
            figures.busy = Self.share(last, time, counters)
            let writes = Self.grown(last.counters.writes, counters.writes)
            if writes > 0 {
                figures.write = Double(Self.grown(last.counters.writing, counters.writing)) / Double(writes) / 1000
            }
        }
        var changes: [Change] = []
        if errors >= nextErrors {
            changes.append(.errors(disk: counters.disk, count: errors))
            nextErrors = errors.multipliedReportingOverflow(by: 10).partialValue
        }
        let damage = Self.grown(first.fileSystemErrors ?? 0, counters.fileSystemErrors ?? 0)
        if damage >= nextDamage {
            changes.append(.damage(disk: counters.disk, count: damage))
            nextDamage = damage.multipliedReportingOverflow(by: 10).partialValue
        }
        changes += life(counters) + speed(counters, time)
        points.append((time, counters))
        points.removeAll { $0.time < time - Self.window }
        return (figures, changes + pace(counters, time))
    }

    /// Another drive begins anew.
    private mutating func first(for counters: DriveCounters) -> DriveCounters {
        if let first, first.disk == counters.disk, first.sequence == counters.sequence { return first }
        self = DriveStrain()
        first = counters
        return counters
    }

    private mutating func life(_ counters: DriveCounters) -> [Change] {
        guard let last = points.last?.counters else { return [] }
        let answers = counters.answered != last.answered
        if !isHung, !answers, counters.waiting > 0, last.waiting > 0 {
            isHung = true
            return [.hung]
        }
        guard isHung, answers else { return [] }
        isHung = false
        return [.answers(disk: counters.disk)]
    }

    private mutating func speed(_ counters: DriveCounters, _ time: Int64) -> [Change] {
        guard let began = hourBegan else {
            hourBegan = (time, counters)
            return []
        }
        guard time - began.time >= Self.hour else { return [] }
        hourBegan = (time, counters)
        let writes = Self.grown(began.counters.writes, counters.writes)
        guard writes >= Self.leastWrites else { return [] }
        let mean = Double(Self.grown(began.counters.writing, counters.writing)) / Double(writes)
        let best = min(self.best ?? mean, mean)
        self.best = best
        let wasFalling = isFalling
        isFalling = mean > Self.harmless && mean > 5 * best
        return isFalling && !wasFalling ? [.falling(disk: counters.disk, from: Int(best), to: Int(mean))] : []
    }

    private mutating func pace(_ counters: DriveCounters, _ time: Int64) -> [Change] {
        guard let oldest = points.first, time - oldest.time >= Self.window * 9 / 10 else { return [] }
        let share = Self.share(oldest, time, counters)
        if !isSlow, share >= Self.slow {
            isSlow = true
            return [.slow(disk: counters.disk, share: share)]
        }
        guard isSlow, share <= Self.eased else { return [] }
        isSlow = false
        return [.eased(disk: counters.disk)]
    }

    private static func share(
        _ earlier: (time: Int64, counters: DriveCounters), _ time: Int64, _ counters: DriveCounters
    ) -> Double {
        min(1, Double(grown(earlier.counters.busy, counters.busy)) / Double(time - earlier.time))
    }

    /// Nothing for a counter that began anew.
    private static func grown(_ before: UInt64, _ now: UInt64) -> UInt64 { now >= before ? now - before : 0 }
}
