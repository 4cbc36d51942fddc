import GRDB

/// What is not stored but follows from the newest blocks: the open hours, and what they say of their series.
///
/// Made after a start, after a salvage, and when the clock was set.
struct BlockScan: Sendable {
    private(set) var hours = OpenHours()
    private(set) var names: [SeriesID: SeriesName]
    /// Wall milliseconds of the first and the last row seen.
    private(set) var ages: [SeriesID: ClosedRange<Int64>] = [:]
    private(set) var intervals: [SeriesID: Int64] = [:]

    /// Open hours that are held in memory at most, where the others can be written.
    private static let mostHours = 26

    /// Reads the blocks that may not be summed up yet.
    ///
    /// When they span more than a day (a long time without a set clock, a salvage), all but the newest hours are
    /// written on the way; `canWrite` says whether they may.
    init(_ tables: HistoryTables, names: [SeriesID: SeriesName], canWrite: Bool) throws {
        self.names = names
        let writer = RollupWriter(db: tables.db)
        var through: [Int64: Int64] = [:]
        let sql = "SELECT through FROM minutes WHERE hour = ?"
        try tables.eachBlock(from: tables.state(.scanFrom) ?? 0) { block in
            let sequence = block.header.sequence
            note(block)
            for hour in block.hours where through[hour] == nil {
                through[hour] =
                    try Int64.fetchOne(tables.db.cachedStatement(sql: sql), arguments: [hour]) ?? .min
            }
            hours.add(block) { sequence > through[$0] ?? .min }
            guard canWrite, hours.hours.count > Self.mostHours else { return }
            let now = Calendar.hour(of: block.header.end)
            let closed = hours.close { $0 < now - 1 || $0 > now }
            try writer.write(closed, through: sequence, names: self.names)
            for hour in closed.keys { through[hour] = sequence }
            hours.forget(closed.keys)
        }
    }

    private mutating func note(_ block: Block) {
        names.merge(block.names) { current, _ in current }
        for (id, range) in block.ranges() {
            let known = ages[id] ?? range
            ages[id] = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
            intervals[id] = block.header.interval
        }
    }
}

extension Block {
    /// The hours of wall time that it has rows in.
    var hours: Set<Int64> { Set(groups.flatMap { $0.wall.map(Calendar.hour(of:)) }) }
}
