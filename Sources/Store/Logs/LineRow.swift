import GRDB
import Site

/// A log line as a row.
enum LineRow {
    static func row(_ line: LogLine, sequence: Int64) -> StoredRow {
        StoredRow(
            .line, id: sequence,
            [
                line.received.wall, line.received.boot, line.received.monotonic, line.received.isTrusted ? 1 : 0,
                line.claimed, line.host, line.source, line.facility, line.severity, line.program, line.text,
            ])
    }

    static func line(_ row: StoredRow) -> LogLine? {
        guard let wall = row.int(0), let boot = row.int(1), let monotonic = row.int(2), let isTrusted = row.int(3),
            let source = row.text(6), let facility = row.int(7), let severity = row.int(8), let text = row.text(10)
        else { return nil }
        return LogLine(
            received: Timestamp(wall: wall, boot: Int(boot), monotonic: monotonic, isTrusted: isTrusted == 1),
            claimed: row.int(4), host: row.text(5), source: source, facility: Int(facility), severity: Int(severity),
            program: row.text(9), text: text)
    }

    static func lines(_ query: LogQuery, identity: Identity, db: Database) throws -> [RecordedLine] {
        let sql = """
            SELECT \(Table.line.list) FROM line
            WHERE id < ? AND wall >= ? AND wall < ? AND severity <= ? AND (? IS NULL OR host = ? OR source = ?)
              AND (? IS NULL OR instr(lower(text), lower(?)) > 0)
            ORDER BY id DESC
            """
        let cursor = try Row.fetchCursor(
            db, sql: sql,
            arguments: [
                query.before ?? .max, query.from ?? .min, query.to ?? .max, query.atLeast, query.host, query.host,
                query.host, query.containing, query.containing,
            ])
        var lines: [RecordedLine] = []
        while lines.count < query.limit, let row = try cursor.next() {
            guard let stored = StoredRow(.line, row), let line = line(stored) else { continue }
            lines.append(RecordedLine(id: identity.rowID(stored.id), line: line))
        }
        return lines
    }

    /// Some of the oldest lines; answers how many.
    static func delete(before oldest: Int64?, bytes: Int64, db: Database) throws -> Int {
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        let slice = 1_000
        if (pages - free) * size > bytes {
            try db.execute(sql: "DELETE FROM line WHERE id IN (SELECT id FROM line ORDER BY id LIMIT \(slice))")
            return db.changesCount
        }
        guard let oldest else { return 0 }
        // Lines are in the order in which they came: the first ones that are too old, and those without a set clock
        // that came before them.
        let last = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(id) FROM (
                  SELECT id, wall, trusted FROM line ORDER BY id LIMIT \(slice)) WHERE wall < ? AND trusted = 1
                """, arguments: [oldest])
        guard let last else { return 0 }
        try db.execute(sql: "DELETE FROM line WHERE id <= ? AND (wall < ? OR trusted = 0)", arguments: [last, oldest])
        return db.changesCount
    }
}
