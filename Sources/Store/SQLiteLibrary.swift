import GRDB

/// The SQLite library that this program runs with.
public enum SQLiteLibrary {
    /// `3.46.1`, from `sqlite3_libversion_number()`: major × 1,000,000 + minor × 1,000 + patch.
    public static var version: String {
        let number = Database.sqliteLibVersionNumber
        return "\(number / 1_000_000).\(number / 1000 % 1000).\(number % 1000)"
    }
}
