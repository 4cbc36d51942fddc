import GRDB
import Site

/// A log line as a row.
enum LineRow {
    static func row(_ line: LogLine, sequence: Int64) -> StoredRow {
        StoredRow(
            .line, id: sequence,
            [
                line.received.wall, line.received.boot, line.received.monotonic, line.received.isTrusted ? 1 : 0,
                line.claimed, line.host, line.source, line.facility.rawValue, line.severity.rawValue, line.program,
                line.text,
            ])
    }

    static func line(_ row: StoredRow) -> LogLine? {
        guard let wall = row.int(0), let boot = row.int(1), let monotonic = row.int(2), let isTrusted = row.int(3),
            let source = row.text(6), let facility = row.int(7).flatMap({ SyslogFacility(rawValue: Int($0)) }),
            let severity = row.int(8).flatMap({ SyslogSeverity(rawValue: Int($0)) }), let text = row.text(10)
        else { return nil }
        return LogLine(
            received: Timestamp(wall: wall, boot: Int(boot), monotonic: monotonic, isTrusted: isTrusted == 1),
            claimed: row.int(4), host: row.text(5), source: source, facility: facility, severity: severity,
            program: row.text(9), text: text)
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
