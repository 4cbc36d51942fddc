import GRDB

/// The migrations of the three files.
///
/// Append only: what was released never changes, new ones only add, so that an older version of the program can go
/// on with the file of a newer one after a rollback.
enum Schema {
    static func migrator(for kind: DatabaseKind) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 identity") { db in
            try db.execute(
                sql: """
                    CREATE TABLE identity (
                      id INTEGER PRIMARY KEY, database TEXT NOT NULL, checksum INTEGER NOT NULL);
                    CREATE TABLE salvage (
                      id INTEGER PRIMARY KEY, file TEXT NOT NULL, page INTEGER NOT NULL, kept INTEGER NOT NULL,
                      lost INTEGER NOT NULL, attempts INTEGER NOT NULL);
                    """)
        }
        switch kind {
        case .history: migrator.registerMigration("2 history") { db in try db.execute(sql: history) }
        case .journal: migrator.registerMigration("2 journal") { db in try db.execute(sql: journal) }
        case .logs: migrator.registerMigration("2 logs") { db in try db.execute(sql: logs) }
        }
        return migrator
    }

    /// Whether every table and index is there as it is made; a newer version may have more.
    static func isWhole(in db: Database, of kind: DatabaseKind) throws -> Bool {
        guard let expected = made[kind] else { return false }
        return try Set(String.fetchAll(db, sql: listing)).isSuperset(of: expected)
    }

    private static let listing = """
        SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema
        """

    /// What the migrations make, by trying.
    private static let made: [DatabaseKind: [String]] = {
        let made = DatabaseKind.allCases.map { kind -> (DatabaseKind, [String]) in
            let listed = try? { () throws -> [String] in
                let queue = try DatabaseQueue()
                defer { try? queue.close() }
                try migrator(for: kind).migrate(queue)
                return try queue.read { try String.fetchAll($0, sql: listing) }
            }()
            return (kind, listed ?? [])
        }
        return Dictionary(uniqueKeysWithValues: made)
    }()

    /// `block_time` finds the blocks of a stretch of wall time; `block_untrusted` those to move when the clock is set.
    private static let history = """
        CREATE TABLE series (
          id INTEGER PRIMARY KEY, subject TEXT NOT NULL, quantity TEXT NOT NULL, instance TEXT, unit TEXT NOT NULL,
          simulated INTEGER NOT NULL, registered INTEGER NOT NULL, interval INTEGER NOT NULL, first INTEGER,
          last INTEGER, checksum INTEGER NOT NULL);
        CREATE TABLE block (
          sequence INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, boot INTEGER NOT NULL,
          monotonic INTEGER NOT NULL, trusted INTEGER NOT NULL, run INTEGER NOT NULL, interval INTEGER NOT NULL,
          deployment TEXT, payload BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE INDEX block_time ON block (end, start);
        CREATE INDEX block_untrusted ON block (boot) WHERE trusted = 0;
        CREATE TABLE minutes (
          hour INTEGER PRIMARY KEY, through INTEGER NOT NULL, payload BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE unfolded (hour INTEGER PRIMARY KEY);
        CREATE TABLE trend (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """

    private static let journal = """
        CREATE TABLE boot (
          counter INTEGER PRIMARY KEY, kernel TEXT NOT NULL, number INTEGER NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE event (
          sequence INTEGER PRIMARY KEY, wall INTEGER NOT NULL, boot INTEGER NOT NULL, monotonic INTEGER NOT NULL,
          trusted INTEGER NOT NULL, code TEXT NOT NULL, severity INTEGER NOT NULL, subject TEXT NOT NULL,
          message TEXT NOT NULL, details TEXT, cause_database TEXT, cause_sequence INTEGER, deployment TEXT,
          checksum INTEGER NOT NULL);
        CREATE INDEX event_untrusted ON event (boot) WHERE trusted = 0;
        """

    private static let logs = """
        CREATE TABLE line (
          id INTEGER PRIMARY KEY, wall INTEGER NOT NULL, boot INTEGER NOT NULL, monotonic INTEGER NOT NULL,
          trusted INTEGER NOT NULL, claimed INTEGER, host TEXT, source TEXT NOT NULL, facility INTEGER NOT NULL,
          severity INTEGER NOT NULL, program TEXT, text TEXT NOT NULL, checksum INTEGER NOT NULL);
        CREATE INDEX line_untrusted ON line (boot) WHERE trusted = 0;
        """
}
