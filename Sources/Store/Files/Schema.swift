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
        case .journal:
            migrator.registerMigration("2 journal") { db in try db.execute(sql: journal) }
            migrator.registerMigration("3 accounts") { db in try db.execute(sql: accounts) }
        case .logs:
            migrator.registerMigration("2 logs") { db in try db.execute(sql: logs) }
            migrator.registerMigration("3 log search") { db in try db.execute(sql: logSearch) }
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

    /// Who may come in, and what they did.
    private static let accounts = """
        CREATE TABLE user (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, password TEXT NOT NULL,
          disabled INTEGER NOT NULL, created INTEGER NOT NULL, login INTEGER, secret BLOB, step INTEGER, recovery BLOB,
          checksum INTEGER NOT NULL);
        CREATE TABLE session (
          id INTEGER PRIMARY KEY, user INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, begun INTEGER NOT NULL,
          boot INTEGER NOT NULL, begun_monotonic INTEGER NOT NULL, seen INTEGER NOT NULL,
          seen_monotonic INTEGER NOT NULL, authenticated INTEGER NOT NULL, authenticated_monotonic INTEGER NOT NULL,
          address TEXT NOT NULL, agent TEXT NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE token (
          id INTEGER PRIMARY KEY, user INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
          role TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, used INTEGER, checksum INTEGER NOT NULL);
        CREATE TABLE audit (
          sequence INTEGER PRIMARY KEY, wall INTEGER NOT NULL, boot INTEGER NOT NULL, monotonic INTEGER NOT NULL,
          trusted INTEGER NOT NULL, actor TEXT NOT NULL, origin TEXT NOT NULL, action TEXT NOT NULL,
          subject TEXT NOT NULL, details TEXT, digest BLOB NOT NULL, checksum INTEGER NOT NULL);
        """

    private static let logs = """
        CREATE TABLE line (
          id INTEGER PRIMARY KEY, wall INTEGER NOT NULL, boot INTEGER NOT NULL, monotonic INTEGER NOT NULL,
          trusted INTEGER NOT NULL, claimed INTEGER, host TEXT, source TEXT NOT NULL, facility INTEGER NOT NULL,
          severity INTEGER NOT NULL, program TEXT, text TEXT NOT NULL, checksum INTEGER NOT NULL);
        CREATE INDEX line_untrusted ON line (boot) WHERE trusted = 0;
        """

    /// The words of the lines, without their places in them: a third of the size, and whoever asks for words in a row
    /// looks at the lines themselves.
    ///
    /// `spool` says how far the files of the hand-over are stored, in the same transaction as their lines.
    private static let logSearch = """
        CREATE INDEX line_wall ON line (wall);
        CREATE VIRTUAL TABLE line_word USING fts5(
          program, text, content = 'line', content_rowid = 'id', detail = none,
          tokenize = 'unicode61 remove_diacritics 0');
        CREATE TRIGGER line_added AFTER INSERT ON line BEGIN
          INSERT INTO line_word (rowid, program, text) VALUES (new.id, new.program, new.text);
        END;
        CREATE TRIGGER line_removed AFTER DELETE ON line BEGIN
          INSERT INTO line_word (line_word, rowid, program, text) VALUES ('delete', old.id, old.program, old.text);
        END;
        INSERT INTO line_word (line_word) VALUES ('rebuild');
        CREATE TABLE spool (
          inode INTEGER PRIMARY KEY, file TEXT NOT NULL, boot INTEGER NOT NULL, offset INTEGER NOT NULL,
          checksum INTEGER NOT NULL);
        CREATE TABLE source (
          id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, first INTEGER NOT NULL, last INTEGER NOT NULL,
          lines INTEGER NOT NULL, dropped INTEGER NOT NULL, pauses TEXT NOT NULL, day INTEGER NOT NULL,
          checksum INTEGER NOT NULL);
        """
}
