import GRDB

/// Finds the first and the last row of a series, by wall time, from what is stored.
struct SeriesAges {
    let tables: HistoryTables

    /// nil when nothing of the series is left.
    func age(of id: SeriesID) throws -> ClosedRange<Int64>? {
        guard let last = try edge(of: id, isFirst: false) ?? trendEdge(of: id, isFirst: false) else { return nil }
        let first = try [edge(of: id, isFirst: true), trendEdge(of: id, isFirst: true)].compactMap { $0 }.min() ?? last
        return first...max(first, last)
    }

    /// By raw samples: blocks by their end, until no other one can reach further.
    private func edge(of id: SeriesID, isFirst: Bool) throws -> Int64? {
        let longest = try tables.state(.longestBlock) ?? 0
        let sql = "SELECT \(Table.block.list) FROM block INDEXED BY block_time ORDER BY end \(isFirst ? "" : "DESC")"
        let cursor = try Row.fetchCursor(tables.db, sql: sql)
        var found: Int64?
        while let row = try cursor.next() {
            guard let block = HistoryTables.block(row, wanted: []) else { continue }
            if let found, isFirst ? block.header.end - longest > found : block.header.end < found { break }
            guard let range = block.ranges()[id] else { continue }
            found = isFirst ? min(found ?? .max, range.lowerBound) : max(found ?? .min, range.upperBound)
        }
        return found
    }

    /// By what is left of samples that are gone: the beginning of an hour.
    private func trendEdge(of id: SeriesID, isFirst: Bool) throws -> Int64? {
        let sql = """
            SELECT \(Table.trend.list) FROM trend WHERE id >= ? AND id <= ? ORDER BY id \(isFirst ? "" : "DESC") LIMIT 1
            """
        let bound: Int64 = 1 << 23
        let keys = [-bound, bound - 1].map { Trend.key(.hour, id, period: $0) }
        guard let row = try Row.fetchOne(tables.db, sql: sql, arguments: [keys[0], keys[1]]),
            let trend = StoredRow(.trend, row).flatMap({ Trend($0) }),
            let index = isFirst
                ? trend.buckets.firstIndex(where: { !$0.isEmpty }) : trend.buckets.lastIndex(where: { !$0.isEmpty })
        else { return nil }
        return trend.start + Int64(index) * Tier.hour.milliseconds
    }
}
