import GRDB
public import Site

extension History {
    /// The clock was set: moves what the present boot wrote before to where it belongs, and marks it trusted.
    ///
    /// `offset` is by how many milliseconds the wall clock moved; `time` is the moment after it, by the clock as it is
    /// now. Rows are placed by their monotonic time, which gives wall + offset for every row written since the clock last
    /// jumped, and is right for the older ones too. Samples, roll-ups and the ages of the series follow.
    public func clockWasSet(boot: Int, offset: Int64, at time: Timestamp) async throws {
        try await exclusively {
            await commit(at: time)
            let correction = ClockCorrection(boot: boot, time: time.clamped)
            for index in tail.indices { tail[index].time = correction.corrected(tail[index].time) }
            latestReadings = latestReadings.mapValues { correction.corrected($0) }
            guard let connection = writable else { return rebuildHours() }
            do {
                let moved = try await connection.write { try correction.apply(to: HistoryTables(db: $0)) }
                try await load(connection, countsRun: false)
                age(moved)
            } catch {
                rebuildHours()
                await failed(error, at: time)
                throw StoreError(error, file: file.kind.fileName)
            }
        }
    }

    /// Without a file, the open hours are what waits in memory.
    private func rebuildHours() {
        hours = OpenHours()
        for batch in tail { hours.add(batch) }
    }

    /// Series whose first or last row may have moved.
    private func age(_ ages: [SeriesID: ClosedRange<Int64>]) {
        for (id, age) in ages {
            series[id]?.first = age.lowerBound
            series[id]?.last = age.upperBound
            unsavedSeries.insert(id)
        }
        for batch in tail {
            for id in batch.series {
                guard var record = series[id] else { continue }
                record.first = Swift.min(record.first ?? batch.time.wall, batch.time.wall)
                record.last = Swift.max(record.last ?? batch.time.wall, batch.time.wall)
                series[id] = record
            }
        }
    }
}

/// Where the rows of one boot belong, now that the clock is known.
struct ClockCorrection: Sendable {
    let boot: Int
    let time: Timestamp

    func wall(ofMonotonic monotonic: Int64) -> Int64 { time.wall &+ (monotonic &- time.monotonic) }

    func corrected(_ old: Timestamp) -> Timestamp {
        guard old.boot == boot, !old.isTrusted else { return old }
        return Timestamp(
            wall: wall(ofMonotonic: old.monotonic), boot: boot, monotonic: old.monotonic, isTrusted: true)
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
            let shift = wall(ofMonotonic: header.monotonic) &- header.start
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

extension Block {
    /// From the first to the last row of each series.
    func ranges() -> [SeriesID: ClosedRange<Int64>] {
        var ranges: [SeriesID: ClosedRange<Int64>] = [:]
        for group in groups {
            guard let first = group.wall.min(), let last = group.wall.max() else { continue }
            for id in group.series {
                let known = ranges[id] ?? first...last
                ranges[id] = min(known.lowerBound, first)...max(known.upperBound, last)
            }
        }
        return ranges
    }
}
