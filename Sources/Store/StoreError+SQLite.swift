import GRDB

extension StoreError {
    /// The sentence for an error of SQLite or of our own decoding.
    init(_ error: any Error, file: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = StoreError(
                .damaged, "\(file) holds something that cannot be read (\(error)).",
                hint: "restart picli: it sets the file aside and keeps what can be read")
            return
        }
        let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self = StoreError(
                .full, "There is no space left to write \(file) (\(detail)).",
                hint: "free space on its disk" + Self.limit(of: file))
        case .SQLITE_READONLY:
            self = StoreError(
                .readOnly, "\(file) can be read but not written (\(detail)).",
                hint: "see whether its disk is mounted read-only (mount, dmesg) and remount it writable")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = StoreError(
                .damaged, "\(file) is damaged (\(detail)).",
                hint: "restart picli: it sets the file aside and keeps what can be read")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self = StoreError(
                .unavailable, "\(file) cannot be opened (\(detail)).",
                hint: "check that its folder exists and that you may read and write there")
        case .SQLITE_IOERR:
            self = StoreError(
                .diskError, "The disk failed while \(file) was used (\(detail)).",
                hint: "look for disk errors in dmesg; replace the card if there are any")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = StoreError(
                .unavailable, "\(file) is in use by another program (\(detail)).",
                hint: "stop the other program that has it open for writing")
        default:
            self = StoreError(.diskError, "\(file) could not be used (\(detail)).", hint: "look into dmesg and df")
        }
    }

    /// The key of the site file that keeps a file small; the journal has none.
    private static func limit(of file: String) -> String {
        for (kind, key) in [("history", "history.maximum"), ("logs", "logs.maximum")] where file.contains(kind) {
            return ", or lower \(key) in the site file"
        }
        return ""
    }

    /// Whether the file itself is at fault, so that it has to be replaced.
    static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is DamagedBytes }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: return true
        // A missing table or column in a file that has its migrations: the schema itself was hit.
        case .SQLITE_ERROR: return true
        default: return false
        }
    }
}
