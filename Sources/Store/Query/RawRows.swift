import GRDB
import Site

/// Reads raw samples of a stretch of wall time, from the file and from memory.
struct RawRows {
    /// One sample of one series.
    struct Sample {
        var wall: Int64
        var sequence: Int64
        var interval: Int64
        /// Meaningless when there is a reason.
        var value: Double
        var reason: NoData.Reason?
    }

    let db: Database?
    let memory: MemoryView
    let wanted: Set<SeriesID>
    private(set) var rows: [SeriesID: [Sample]] = [:]
    private(set) var damaged: [Int64] = []

    init(db: Database?, memory: MemoryView, wanted: Set<SeriesID>) {
        self.db = db
        self.memory = memory
        self.wanted = wanted
    }

    /// Reads the rows of [from, to); answers where the page ends: at `to`, or before it when there are more than
    /// `limit` rows from `start` on.
    ///
    /// Rows behind the end of the page may be there too.
    mutating func read(from: Int64, start: Int64, to: Int64, limit: Int) throws -> Int64 {
        for block in memory.blocks { add(block, from: from, to: to) }
        let complete = try readFile(from: from, start: start, to: to, limit: limit)
        var walls = rows.values.flatMap { $0.map(\.wall) }.filter { $0 >= start && $0 < complete }
        guard walls.count > limit else { return complete }
        walls.sort()
        if walls[limit] > walls[0] { return walls[limit] }
        // More series at one instant than fit: they come together all the same.
        return walls.first { $0 > walls[0] } ?? complete
    }

    /// Answers until when everything has been seen.
    private mutating func readFile(from: Int64, start: Int64, to: Int64, limit: Int) throws -> Int64 {
        guard let db else { return to }
        let longest = try HistoryTables(db: db).state(.longestBlock) ?? 0
        let sql = """
            SELECT \(Table.block.list) FROM block INDEXED BY block_time
            WHERE end >= ? AND end < ? AND start < ? ORDER BY end
            """
        let cursor = try Row.fetchCursor(db, sql: sql, arguments: [from, to &+ longest &+ 1, to])
        var enough = limit * 2 + 1_024
        var count = 0
        while let row = try cursor.next() {
            guard let stored = StoredRow(.block, row), let (header, payload) = HistoryTables.header(stored),
                let block = try? Block(header: header, payload: payload, wanted: wanted)
            else {
                damaged.append(row[0])
                continue
            }
            guard header.sequence < memory.nextSequence else { continue }
            count += add(block, from: from, to: to)
            guard count > enough else { continue }
            // Blocks that follow end later, and none is longer than the longest.
            let complete = header.end - longest
            if rows.values.reduce(0, { $0 + $1.count { $0.wall >= start && $0.wall < complete } }) > limit {
                return complete
            }
            enough = count / 2 * 3
        }
        return to
    }

    @discardableResult
    private mutating func add(_ block: Block, from: Int64, to: Int64) -> Int {
        var count = 0
        for group in block.groups {
            for (id, column) in zip(group.series, group.columns) where wanted.contains(id) {
                guard let column, column.count == group.wall.count else { continue }
                var found: [Sample] = []
                for (index, wall) in group.wall.enumerated() where wall >= from && wall < to {
                    found.append(
                        Sample(
                            wall: wall, sequence: block.header.sequence, interval: block.header.interval,
                            value: column.values[index], reason: column.reason(at: index)))
                }
                rows[id, default: []].append(contentsOf: found)
                count += found.count
            }
        }
        return count
    }

    /// In order of wall time; rows of one instant in the order in which they were stored.
    func sorted(_ id: SeriesID) -> [Sample] {
        let rows = rows[id] ?? []
        // Nearly always in order already: the sort is stable, and cheap then.
        return rows.sorted { ($0.wall, $0.sequence) < ($1.wall, $1.sequence) }
    }
}
