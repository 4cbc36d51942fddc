import GRDB
public import Site

extension History {
    /// What one round of maintenance did.
    public struct Maintenance: Hashable, Sendable {
        /// Rows deleted, of whatever resolution.
        public var deleted = 0
        /// Rows copied from a damaged file.
        public var salvaged = 0
    }

    /// Deletes what is older than it is kept for and what does not fit; goes on with a salvage.
    ///
    /// Call it every few minutes; it works in small transactions, between which samples are stored.
    ///
    /// Age is never judged by a clock that is not trusted. The bound in bytes needs no clock: the oldest raw samples, in
    /// the order in which they were stored, go first.
    @discardableResult
    public func maintain(now: Timestamp) async throws -> Maintenance {
        var done = Maintenance()
        let retention = Retention(configuration: configuration, now: now.clamped)
        do {
            done.salvaged = try await continueSalvage(at: now)
            guard !salvage.hasMore else { return done }
            while !Task.isCancelled {
                let deleted = try await exclusively {
                    // Asked for here: a commit that went first may have replaced it.
                    guard let connection = writable else { return 0 }
                    return try await connection.write { try retention.slice(HistoryTables(db: $0)) }
                }
                done.deleted += deleted
                if deleted == 0 { break }
            }
        } catch {
            await exclusively { await failed(error, at: now) }
            throw StoreError(error, file: file.kind.fileName)
        }
        return done
    }

    private func continueSalvage(at now: Timestamp) async throws -> Int {
        guard salvage.hasMore else { return 0 }
        let before = salvage.kept
        while salvage.hasMore, writable != nil, !Task.isCancelled {
            try await exclusively {
                guard let connection = writable else { return }
                salvage = try await SalvageRun(connection: connection, directory: file.directory).next()
            }
        }
        guard let connection = writable, !salvage.hasMore else { return salvage.kept - before }
        try await exclusively { try await load(connection, countsRun: false) }
        await report(DatabaseEvents.salvaged(salvage, kind: .history, at: now))
        return salvage.kept - before
    }
}

/// What is deleted, and in which order.
struct Retention: Sendable {
    let configuration: HistoryConfiguration
    let now: Timestamp

    /// Rows in one transaction: some milliseconds of work.
    static let slice = 256

    /// Deletes some; answers how many rows.
    ///
    /// 0 means that nothing is left to delete.
    func slice(_ tables: HistoryTables) throws -> Int {
        var deleted = 0
        if now.isTrusted { deleted += try deleteOld(tables) }
        if deleted == 0 { deleted += try shrink(tables) }
        return deleted
    }

    // MARK: By age

    private func deleteOld(_ tables: HistoryTables) throws -> Int {
        var deleted = 0
        if let end = limit(configuration.keepRaw) { deleted += try deleteRaw(before: end, tables) }
        if deleted == 0, let end = limit(configuration.keepMinutes) {
            deleted += try deleteMinutes(before: Calendar.hour(of: end), tables)
            deleted += try deleteTrend(.quarter, before: end, tables)
        }
        if deleted == 0, let end = limit(configuration.keepHours) {
            deleted += try deleteTrend(.hour, before: end, tables)
        }
        return deleted
    }

    private func limit(_ age: Duration?) -> Int64? { age.map { now.wall &- $0.milliseconds } }

    /// Samples of a boot whose clock was never set have no age of their own: they go with what was stored after them.
    private func deleteRaw(before end: Int64, _ tables: HistoryTables) throws -> Int {
        let scanFrom = try tables.state(.scanFrom) ?? 0
        let old = try Int64.fetchAll(
            tables.db,
            sql: """
                SELECT sequence FROM block INDEXED BY block_time
                WHERE end < ? AND trusted = 1 AND sequence < ? ORDER BY end LIMIT \(Self.slice)
                """,
            arguments: [end, scanFrom])
        guard let last = old.max() else { return 0 }
        let unset = try Int64.fetchAll(
            tables.db, sql: "SELECT sequence FROM block WHERE trusted = 0 AND sequence < ?", arguments: [last])
        try delete(old + unset, from: .block, tables)
        return old.count + unset.count
    }

    private func deleteMinutes(before hour: Int64, _ tables: HistoryTables) throws -> Int {
        let old = try Int64.fetchAll(
            tables.db,
            sql: """
                SELECT hour FROM minutes WHERE hour < ? AND hour NOT IN (SELECT hour FROM unfolded)
                ORDER BY hour LIMIT \(Self.slice)
                """, arguments: [hour])
        try delete(old, from: .minutes, tables)
        return old.count
    }

    /// Whole rows only: a few days more than asked are kept.
    private func deleteTrend(_ tier: Tier, before end: Int64, _ tables: HistoryTables) throws -> Int {
        let bound: Int64 = 1 << 52
        let period = Trend.period(tier, of: min(max(end, -bound), bound))
        guard abs(period) < 1 << 23 else { return 0 }
        var old: [Int64] = []
        for id in try Int64.fetchAll(tables.db, sql: "SELECT id FROM series") {
            let series = SeriesID(truncatingIfNeeded: id)
            old += try Int64.fetchAll(
                tables.db.cachedStatement(sql: "SELECT id FROM trend WHERE id >= ? AND id < ?"),
                arguments: [Trend.key(tier, series, period: -(1 << 23)), Trend.key(tier, series, period: period)])
        }
        try delete(old, from: .trend, tables)
        return old.count
    }

    // MARK: By size

    /// Pages in use against the bound: freed pages are used again before the file grows.
    private func shrink(_ tables: HistoryTables) throws -> Int {
        let pages = try Int64.fetchOne(tables.db, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(tables.db, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(tables.db, sql: "PRAGMA page_size") ?? 0
        guard (pages - free) * size > configuration.maximumSize else { return 0 }
        let scanFrom = try tables.state(.scanFrom) ?? 0
        let oldest = try Int64.fetchAll(
            tables.db, sql: "SELECT sequence FROM block WHERE sequence < ? ORDER BY sequence LIMIT \(Self.slice / 4)",
            arguments: [scanFrom])
        guard oldest.isEmpty else {
            try delete(oldest, from: .block, tables)
            return oldest.count
        }
        let hours = try Int64.fetchAll(
            tables.db,
            sql: """
                SELECT hour FROM minutes WHERE hour NOT IN (SELECT hour FROM unfolded)
                ORDER BY hour LIMIT \(Self.slice / 16)
                """)
        try delete(hours, from: .minutes, tables)
        return hours.count
    }

    private func delete(_ keys: [Int64], from table: Table, _ tables: HistoryTables) throws {
        let statement = try tables.db.cachedStatement(sql: "DELETE FROM \(table.name) WHERE \(table.key) = ?")
        for key in keys { try statement.execute(arguments: [key]) }
    }
}
