import GRDB

/// The SQLite of the system that the store runs on.
public enum SQLiteLibrary {
    /// `3.40.1`; nil when it cannot even be asked.
    public static var version: String? {
        try? DatabaseQueue().read { db in try String.fetchOne(db, sql: "SELECT sqlite_version()") }
    }
}
