import GRDB
import Site

/// The rows of the history file as values.
struct HistoryTables {
    let db: Database

    // MARK: Blocks

    func insert(_ block: Block) throws {
        let header = block.header
        try row(header, payload: block.payload()).insert(into: db)
        if header.end - header.start > (try state(.longestBlock) ?? 0) {
            try set(.longestBlock, to: header.end - header.start)
        }
    }

    /// Replaces what is said of a block; its payload stays.
    func update(_ header: BlockHeader, payload: [UInt8]) throws {
        try row(header, payload: payload).replace(in: db)
    }

    private func row(_ header: BlockHeader, payload: [UInt8]) -> StoredRow {
        StoredRow(
            .block, id: header.sequence,
            [
                header.start, header.end, header.boot, header.monotonic, header.isTrusted ? 1 : 0, header.run,
                header.interval, header.deployment, payload.blob,
            ])
    }

    /// A block as stored: nil when its checksum is wrong.
    static func header(_ row: StoredRow) -> (BlockHeader, payload: [UInt8])? {
        guard let start = row.int(0), let end = row.int(1), let boot = row.int(2), let monotonic = row.int(3),
            let isTrusted = row.int(4), let run = row.int(5), let interval = row.int(6), let payload = row.bytes(8)
        else { return nil }
        let header = BlockHeader(
            sequence: row.id, start: start, end: end, boot: Int(boot), monotonic: monotonic, isTrusted: isTrusted == 1,
            run: run, interval: interval, deployment: row.text(7))
        return (header, payload)
    }

    static func block(_ row: Row, wanted: Set<SeriesID>? = nil) -> Block? {
        guard let stored = StoredRow(.block, row), let (header, payload) = header(stored) else { return nil }
        return try? Block(header: header, payload: payload, wanted: wanted)
    }

    /// Hands over blocks from `sequence` on, in order; damaged ones are left out.
    func eachBlock(from sequence: Int64, _ body: (Block) throws -> Void) throws {
        let sql = "SELECT \(Table.block.list) FROM block WHERE sequence >= ? ORDER BY sequence"
        let rows = try Row.fetchCursor(db, sql: sql, arguments: [sequence])
        while let row = try rows.next() {
            if let block = Self.block(row) { try body(block) }
        }
    }

    // MARK: Series

    func store(_ series: SeriesRecord, id: SeriesID) throws {
        let metric = series.name.metric
        try StoredRow(
            .series, id: Int64(id),
            [
                metric.subject, metric.quantity.rawValue, metric.instance, metric.unit.rawValue,
                metric.isSimulated ? 1 : 0, series.order, series.interval, series.first, series.last,
            ]
        ).replace(in: db)
    }

    /// All series; `isWhole` is false when rows of some are not what was written.
    func series() throws -> (known: [SeriesID: SeriesRecord], isWhole: Bool) {
        var series: [SeriesID: SeriesRecord] = [:]
        let rows = try Row.fetchAll(db, sql: "SELECT \(Table.series.list) FROM series")
        for row in rows {
            guard let row = StoredRow(.series, row), let subject = row.text(0), let quantity = row.text(1),
                let unit = row.text(3), let order = row.int(5), let interval = row.int(6)
            else { continue }
            let metric = Metric(
                subject, Quantity(rawValue: quantity), instance: row.text(2), unit: Unit(rawValue: unit),
                isSimulated: row.int(4) == 1)
            series[SeriesID(truncatingIfNeeded: row.id)] = SeriesRecord(
                name: SeriesName(metric), order: order, interval: interval, first: row.int(7), last: row.int(8))
        }
        return (series, series.count == rows.count)
    }

    /// Names as they stand beside samples and roll-ups, for when rows of the table of series were lost.
    func namesBesideSamples() throws -> [SeriesID: SeriesName] {
        var names: [SeriesID: SeriesName] = [:]
        let minutes = "SELECT \(Table.minutes.list) FROM minutes ORDER BY hour DESC LIMIT 1000"
        for row in try Row.fetchAll(db, sql: minutes) {
            guard let rollup = StoredRow(.minutes, row).flatMap({ HourRollup($0) }) else { continue }
            names.merge(rollup.names) { current, _ in current }
        }
        for order in ["ASC", "DESC"] {
            let blocks = "SELECT \(Table.block.list) FROM block ORDER BY sequence \(order) LIMIT 100"
            for row in try Row.fetchAll(db, sql: blocks) {
                names.merge(Self.block(row, wanted: [])?.names ?? [:]) { current, _ in current }
            }
        }
        return names
    }

    // MARK: State

    enum State: String {
        /// Every block before this one is summed up in stored hours.
        case scanFrom
        /// Wall milliseconds from the first to the last row of the longest block ever written.
        case longestBlock
        /// How often the file was opened for writing.
        case run
    }

    func state(_ name: State) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT value FROM state WHERE name = ?"), arguments: [name.rawValue])
    }

    func set(_ name: State, to value: Int64) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)")
            .execute(arguments: [name.rawValue, value])
    }
}

/// What is known of a series besides its samples.
struct SeriesRecord: Hashable, Sendable {
    var name: SeriesName
    /// The place in which the series was registered: the first one of a sensor is what its bare id means.
    var order: Int64
    /// Milliseconds between rows, as last planned.
    var interval: Int64
    /// Wall milliseconds of the first and the last row.
    var first: Int64?
    var last: Int64?
}
