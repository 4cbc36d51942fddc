import GRDB
import Site

/// Reads buckets of one stored resolution, from the file and from memory.
struct RollupRows {
    let db: Database?
    let memory: MemoryView
    let wanted: Set<SeriesID>
    let from: Int64
    let to: Int64
    /// Milliseconds of a point of the answer; a multiple of the resolution.
    let step: Int64
    private(set) var points: [SeriesID: [Int64: Bucket]] = [:]

    init(db: Database?, memory: MemoryView, wanted: Set<SeriesID>, from: Int64, to: Int64, step: Int64) {
        self.db = db
        self.memory = memory
        self.wanted = wanted
        self.from = from
        self.to = to
        self.step = step
    }

    mutating func read(_ tier: Tier) throws {
        let range = Calendar.hour(of: from)...Calendar.hour(of: to - 1)
        var stored: [Int64: Int64] = [:]
        if let db {
            if tier == .minute {
                stored = try addMinutes(of: range, isOnlyUnfolded: false, as: .minute, db: db)
            } else {
                stored = try addMinutes(of: range, isOnlyUnfolded: true, as: tier, db: db)
                try addTrend(tier, butNot: Set(stored.keys), db: db)
            }
        }
        // An hour that was written after memory was looked at is in the file with all that memory had of it.
        for (hour, series) in memory.hours
        where range.contains(hour) && (stored[hour] ?? .min) < memory.nextSequence {
            for (id, minutes) in series where wanted.contains(id) { add(minutes, of: id, hour: hour, as: tier) }
        }
    }

    /// Buckets made of raw samples.
    mutating func add(_ rows: [RawRows.Sample], of id: SeriesID) {
        for row in rows where row.wall >= from && row.wall < to {
            let time = Calendar.floor(row.wall, to: step)
            if let reason = row.reason {
                points[id, default: [:]][time, default: Bucket()].reason = reason
            } else {
                points[id, default: [:]][time, default: Bucket()].add(row.value)
            }
        }
    }

    /// In order of time.
    func sorted(_ id: SeriesID) -> [(time: Int64, bucket: Bucket)] {
        (points[id] ?? [:]).filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Answers which hours it found, and through which block they are summed up.
    private mutating func addMinutes(
        of range: ClosedRange<Int64>, isOnlyUnfolded: Bool, as tier: Tier, db: Database
    ) throws -> [Int64: Int64] {
        let table = isOnlyUnfolded ? "unfolded JOIN minutes USING (hour)" : "minutes"
        let columns = Table.minutes.list
        let sql = "SELECT \(columns) FROM \(table) WHERE hour >= ? AND hour <= ? ORDER BY hour"
        var found: [Int64: Int64] = [:]
        // Unfolded hours without minutes have lost their samples: what the trend says of them is void.
        if isOnlyUnfolded {
            let void = "SELECT hour FROM unfolded WHERE hour >= ? AND hour <= ?"
            for hour in try Int64.fetchAll(db, sql: void, arguments: [range.lowerBound, range.upperBound]) {
                found[hour] = .min
            }
        }
        let cursor = try Row.fetchCursor(db, sql: sql, arguments: [range.lowerBound, range.upperBound])
        while let row = try cursor.next() {
            guard let rollup = StoredRow(.minutes, row).flatMap({ HourRollup($0, wanted: wanted) }) else { continue }
            found[rollup.hour] = rollup.through
            for (id, minutes) in rollup.series { add(minutes, of: id, hour: rollup.hour, as: tier) }
        }
        return found
    }

    private mutating func addTrend(_ tier: Tier, butNot unfolded: Set<Int64>, db: Database) throws {
        let sql = "SELECT \(Table.trend.list) FROM trend WHERE id >= ? AND id <= ? ORDER BY id"
        for id in wanted {
            let first = Trend.key(tier, id, period: Trend.period(tier, of: from))
            let last = Trend.key(tier, id, period: Trend.period(tier, of: to - 1))
            let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [first, last])
            while let row = try cursor.next() {
                guard let trend = StoredRow(.trend, row).flatMap({ Trend($0) }) else { continue }
                for sum in sums(of: trend, tier, butNot: unfolded) { add(sum.bucket, of: id, at: sum.time) }
            }
        }
    }

    /// What a trend has for each point of the answer.
    ///
    /// Its buckets follow each other, so each point is looked up once and not
    /// once a bucket: a year has 8,760 of them.
    private func sums(
        of trend: Trend, _ tier: Tier, butNot unfolded: Set<Int64>
    ) -> [(time: Int64, bucket: Bucket)] {
        var sums: [(time: Int64, bucket: Bucket)] = []
        for (index, bucket) in trend.buckets.enumerated() where !bucket.isEmpty {
            let time = trend.start + Int64(index) * tier.milliseconds
            guard time >= from, time < to, !unfolded.contains(Calendar.hour(of: time)) else { continue }
            let point = Calendar.floor(time, to: step)
            if sums.last?.time != point { sums.append((point, Bucket())) }
            sums[sums.count - 1].bucket.add(bucket)
        }
        return sums
    }

    private mutating func add(_ minutes: [Bucket], of id: SeriesID, hour: Int64, as tier: Tier) {
        for (index, bucket) in minutes.enumerated() where !bucket.isEmpty {
            let time = hour * Calendar.hour + Int64(index) * Tier.minute.milliseconds
            if time >= from, time < to { add(bucket, of: id, at: time) }
        }
    }

    private mutating func add(_ bucket: Bucket, of id: SeriesID, at time: Int64) {
        points[id, default: [:]][Calendar.floor(time, to: step), default: Bucket()].add(bucket)
    }
}
