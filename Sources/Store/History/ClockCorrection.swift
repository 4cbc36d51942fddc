import GRDB
import Site

/// Where the rows of one boot belong, now that the clock is known.
struct ClockCorrection: Sendable {
    let boot: Int
    /// Milliseconds by which the wall clock moved.
    let offset: Int64
    /// The moment after it moved.
    let time: Timestamp

    /// By how much a row has to move.
    ///
    /// It is `offset`, unless the clock had jumped before, between that row and now: then its monotonic time tells.
    func shift(ofWall wall: Int64, monotonic: Int64) -> Int64 {
        let byMonotonic = time.wall &+ (monotonic &- time.monotonic) &- wall
        return abs(clamped: byMonotonic &- offset) <= Self.drift ? offset : byMonotonic
    }

    /// Milliseconds by which the two clocks may differ without a jump: some hours of a poor crystal.
    private static let drift: Int64 = 2_000

    /// Whether a row is of before the clock was set; later ones without a trusted clock wait for the next time.
    func covers(_ old: Timestamp) -> Bool { old.boot == boot && old.monotonic <= time.monotonic }

    func corrected(_ old: Timestamp) -> Timestamp {
        guard old.boot == boot, !old.isTrusted else { return old }
        let wall = old.wall &+ shift(ofWall: old.wall, monotonic: old.monotonic)
        return Timestamp(wall: wall, boot: boot, monotonic: old.monotonic, isTrusted: true)
    }

    func corrected(_ reading: Reading) -> Reading {
        let time = corrected(reading.time)
        return switch reading.outcome {
        case .value(let value): Reading(reading.metric, at: time, value: value)
        case .noData(let noData): Reading(reading.metric, at: time, noData: noData)
        }
    }

    /// Moves the blocks, and takes the roll-ups of every hour they leave or enter back to raw samples.
    ///
    /// Answers the first and the last row of every series that was moved.
    func apply(to tables: HistoryTables) throws -> [SeriesID: ClosedRange<Int64>] {
        let untrusted = "SELECT sequence FROM block WHERE boot = ? AND trusted = 0 ORDER BY sequence"
        let sql = "SELECT \(Table.block.list) FROM block WHERE sequence = ?"
        var touched: Set<Int64> = []
        var moved: Set<SeriesID> = []
        for sequence in try Int64.fetchAll(tables.db, sql: untrusted, arguments: [boot]) {
            guard let row = try Row.fetchOne(tables.db.cachedStatement(sql: sql), arguments: [sequence]),
                let stored = StoredRow(.block, row), let (header, payload) = HistoryTables.header(stored)
            else { continue }
            let shift = shift(ofWall: header.start, monotonic: header.monotonic)
            var corrected = header
            corrected.start = header.start &+ shift
            corrected.end = header.end &+ shift
            corrected.isTrusted = true
            try tables.update(corrected, payload: payload)
            for header in [header, corrected] { touched.formUnion(hours(of: header.start...header.end)) }
            guard let block = try? Block(header: corrected, payload: payload, wanted: []) else { continue }
            moved.formUnion(block.groups.flatMap(\.series))
        }
        try takeBack(touched, in: tables)
        let ages = SeriesAges(tables: tables)
        return try moved.reduce(into: [:]) { $0[$1] = try ages.age(of: $1) }
    }

    private func hours(of range: ClosedRange<Int64>) -> [Int64] {
        Array(Calendar.hour(of: range.lowerBound)...Calendar.hour(of: range.upperBound))
    }

    private func takeBack(_ hours: Set<Int64>, in tables: HistoryTables) throws {
        let longest = try tables.state(.longestBlock) ?? 0
        let sql = """
            SELECT min(sequence) FROM block INDEXED BY block_time WHERE end >= ? AND end < ? AND start < ?
            """
        let writer = RollupWriter(db: tables.db)
        var first = try tables.state(.scanFrom) ?? 0
        for hour in hours {
            try writer.discard(hour: hour)
            let (from, to) = (hour * Calendar.hour, (hour + 1) * Calendar.hour)
            let found = try Int64.fetchOne(
                tables.db.cachedStatement(sql: sql), arguments: [from, to + longest + 1, to])
            first = min(first, found ?? first)
        }
        try tables.set(.scanFrom, to: first)
        // The trend must not speak of hours that are no more.
        try writer.fold { _ in false }
    }
}

extension ClockCorrection {
    /// Moves the rows of a table that begins with wall, boot, monotonic, trusted.
    ///
    /// Some rows to a transaction: days of log lines would not fit into memory.
    func apply(to table: Table, in connection: Connection) async throws {
        do {
            while try await applySome(to: table, in: connection) {}
        } catch {
            throw StoreError(error, file: connection.kind.fileName)
        }
    }

    private static let slice = 1_000

    /// Answers whether there may be more.
    private func applySome(to table: Table, in connection: Connection) async throws -> Bool {
        try await connection.write { db in
            let sql = "SELECT \(table.list) FROM \(table.name) WHERE boot = ? AND trusted = 0 LIMIT \(Self.slice)"
            let rows = try Row.fetchAll(db, sql: sql, arguments: [boot])
            var moved = 0
            for found in rows {
                guard var row = StoredRow(table, found), let wall = row.int(0), let monotonic = row.int(2) else {
                    continue
                }
                row.values[0] = (wall &+ shift(ofWall: wall, monotonic: monotonic)).databaseValue
                row.values[3] = 1.databaseValue
                try row.update(in: db)
                moved += 1
            }
            // Damaged rows stay as they are, and must not be found for ever.
            return rows.count == Self.slice && moved > 0
        }
    }
}
