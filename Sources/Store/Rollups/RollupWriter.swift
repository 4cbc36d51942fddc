import GRDB

/// Writes roll-ups, in the transaction of the samples they sum up.
struct RollupWriter {
    let db: Database

    /// Adds closed hours to what is stored of them.
    func write(_ closed: [Int64: OpenHours.Hour], through sequence: Int64, names: [SeriesID: SeriesName]) throws {
        for (hour, series) in closed.sorted(by: { $0.key < $1.key }) {
            var rollup = HourRollup(hour: hour, through: sequence, series: series, names: names)
            if let stored = try minutes(of: hour) {
                rollup.names.merge(stored.names) { current, _ in current }
                for (id, buckets) in stored.series { rollup.series[id] = OpenHours.sum(buckets, series[id]) }
            }
            try rollup.row.replace(in: db)
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO unfolded (hour) VALUES (?)").execute(arguments: [hour])
        }
    }

    func minutes(of hour: Int64) throws -> HourRollup? {
        let sql = "SELECT \(Table.minutes.list) FROM minutes WHERE hour = ?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [hour]) else { return nil }
        return StoredRow(.minutes, row).flatMap { HourRollup($0) }
    }

    /// Forgets the minutes of an hour whose samples have moved; its trend follows with the next fold.
    func discard(hour: Int64) throws {
        try db.execute(sql: "DELETE FROM minutes WHERE hour = ?", arguments: [hour])
        try db.execute(sql: "INSERT OR IGNORE INTO unfolded (hour) VALUES (?)", arguments: [hour])
    }

    /// Brings the hours of every finished day into the long rows of their series; `isOpen` says which days are not.
    func fold(isOpen: (Int64) -> Bool) throws {
        let hours = try Int64.fetchAll(db, sql: "SELECT hour FROM unfolded ORDER BY hour")
        let finished = hours.filter { !isOpen(Calendar.day(ofHour: $0)) }
        guard !finished.isEmpty else { return }
        var trends = TrendCache(db: db)
        for hour in finished {
            if let rollup = try minutes(of: hour) {
                for (id, minutes) in rollup.series { try trends.set(minutes, of: id, hour: hour) }
            } else {
                for id in try Int64.fetchAll(db, sql: "SELECT id FROM series") {
                    try trends.clear(SeriesID(truncatingIfNeeded: id), hour: hour)
                }
            }
            try db.cachedStatement(sql: "DELETE FROM unfolded WHERE hour = ?").execute(arguments: [hour])
        }
        try trends.store()
    }
}

/// The trend rows that a fold touches: read once, written once.
private struct TrendCache {
    let db: Database
    private var trends: [Int64: Trend] = [:]

    init(db: Database) { self.db = db }

    mutating func set(_ minutes: [Bucket], of series: SeriesID, hour: Int64) throws {
        try change(series, hour: hour, creates: true) { tier, index in
            let width = tier.rawValue / Tier.minute.rawValue
            return minutes[index * width..<(index + 1) * width].reduce(into: Bucket()) { $0.add($1) }
        }
    }

    mutating func clear(_ series: SeriesID, hour: Int64) throws {
        try change(series, hour: hour, creates: false) { _, _ in Bucket() }
    }

    func store() throws {
        for (_, trend) in trends.sorted(by: { $0.key < $1.key }) { try trend.row.replace(in: db) }
    }

    private mutating func change(
        _ series: SeriesID, hour: Int64, creates: Bool, bucket: (Tier, Int) -> Bucket
    ) throws {
        for tier in [Tier.hour, .quarter] {
            let wall = hour * Calendar.hour
            let period = Trend.period(tier, of: wall)
            let key = Trend.key(tier, series, period: period)
            guard var trend = try trends[key] ?? load(key) ?? (creates ? Trend(tier, series, period: period) : nil)
            else { continue }
            let first = Int((wall - trend.start) / tier.milliseconds)
            for index in 0..<Tier.hour.rawValue / tier.rawValue { trend.buckets[first + index] = bucket(tier, index) }
            trends[key] = trend
        }
    }

    private func load(_ key: Int64) throws -> Trend? {
        let sql = "SELECT \(Table.trend.list) FROM trend WHERE id = ?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [key]) else { return nil }
        return StoredRow(.trend, row).flatMap { Trend($0) }
    }
}
