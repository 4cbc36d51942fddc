import FoundationEssentials
import GRDB
import Glibc
import Platform

/// The register of a certificate authority: rows are added, never changed nor taken away.
///
/// One SQLite file without a write-ahead log, so that a copy of the folder is a whole one.
final class UnitRegister: Sendable {
    /// `pReg`, in the header of the file.
    private static let applicationID: Int32 = 0x7052_6567
    private static let version = 1

    private let database: DatabaseQueue

    /// - Parameter isNew: Make the file when it is not there.
    /// - Throws: `Failure` `ca.register…`.
    init(_ path: String, isNew: Bool = false) throws {
        do {
            // Made here, so that it is never readable by others.
            if isNew { _ = try Descriptor(opening: path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600) }
            guard FileKind(of: path) == .regular else {
                throw Failure(
                    "ca.registerMissing", "There is no register \(path).",
                    hint: "put the file back from your copy of the authority")
            }
            var configuration = Configuration()
            configuration.label = "picli.register"
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = EXTRA") }
            database = try DatabaseQueue(path: path, configuration: configuration)
            if isNew { try database.inDatabase { try Self.make(in: $0) } }
            try database.inDatabase { try Self.check($0, path) }
        } catch {
            throw Self.failure(error, path)
        }
    }

    private static func make(in db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") == 0 else { return }
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: """
                    CREATE TABLE register (
                      number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, event TEXT NOT NULL,
                      operator TEXT, command TEXT, subject TEXT, profile TEXT, board TEXT, macs TEXT NOT NULL, key TEXT,
                      serial TEXT, issuer TEXT, not_after INTEGER, databases TEXT NOT NULL, image TEXT, self_test TEXT,
                      code TEXT, detail TEXT, certificate BLOB
                    ) STRICT;
                    CREATE UNIQUE INDEX register_signed ON register (serial) WHERE event = 'signed';
                    CREATE TRIGGER register_update BEFORE UPDATE ON register
                      BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
                    CREATE TRIGGER register_delete BEFORE DELETE ON register
                      BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
                    -- REPLACE takes the old row away without asking the trigger above.
                    CREATE TRIGGER register_replace BEFORE INSERT ON register
                      WHEN EXISTS (SELECT 1 FROM register WHERE number = NEW.number)
                        OR (NEW.event = 'signed' AND EXISTS
                          (SELECT 1 FROM register WHERE serial = NEW.serial AND event = 'signed'))
                      BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
            return .commit
        }
    }

    private static func check(_ db: Database, _ path: String) throws {
        guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "another program's database")
        }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw Failure(
                "ca.registerNewer", "The register \(path) was written by a newer picli (its version is \(found)).",
                hint: "use that picli")
        }
        let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        guard journal == "delete", try Int.fetchOne(db, sql: "PRAGMA synchronous") == 3 else {
            throw Failure("ca.registerUnsafe", "The SQLite library of this machine ignores its settings.")
        }
    }

    /// Hands over all rows, and writes those that come back: all of them are on the disk when this returns, or none.
    ///
    /// Nobody else writes in between.
    func transaction<Value>(_ body: ([RegisterEntry]) throws -> (Value, [RegisterEntry])) throws -> Value {
        do {
            return try database.writeWithoutTransaction { db in
                var result: Value?
                try db.inTransaction(.immediate) {
                    let (value, entries) = try body(try Self.entries(in: db))
                    for entry in entries { try Self.insert(entry, in: db) }
                    result = value
                    return .commit
                }
                guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "not committed") }
                return result
            }
        } catch {
            throw Self.failure(error, database.path)
        }
    }

    /// All rows in their order, without the certificates.
    func entries() throws -> [RegisterEntry] {
        do {
            return try database.read { try Self.entries(in: $0) }
        } catch {
            throw Self.failure(error, database.path)
        }
    }

    /// The certificate of a serial number, in DER.
    func certificate(_ serial: String) throws -> [UInt8]? {
        do {
            return try database.read { db in
                let sql = "SELECT certificate FROM register WHERE serial = ? AND event = 'signed'"
                return try Row.fetchOne(db, sql: sql, arguments: [serial]).flatMap { row in
                    try row.withUnsafeData(atIndex: 0) { $0.map { Array($0) } }
                }
            }
        } catch {
            throw Self.failure(error, database.path)
        }
    }

    private static let columns =
        "number, time, event, operator, command, subject, profile, board, macs, key, serial, issuer, not_after, "
        + "databases, image, self_test, code, detail"

    private static func entries(in db: Database) throws -> [RegisterEntry] {
        let rows = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM register ORDER BY number")
        var entries: [RegisterEntry] = []
        // An event of a later version says nothing to this one.
        while let row = try rows.next() { if let entry = entry(row) { entries.append(entry) } }
        return entries
    }

    private static func entry(_ row: Row) -> RegisterEntry? {
        guard let event = (row["event"] as String?).flatMap(RegisterEntry.Event.init) else { return nil }
        var entry = RegisterEntry(
            time: row["time"], event: event, by: Operation(command: row["command"], user: row["operator"]))
        func list(_ column: String) -> [String] {
            (row[column] as String? ?? "").split(separator: " ").map(String.init)
        }
        entry.number = row["number"]
        entry.subject = row["subject"]
        entry.profile = (row["profile"] as String?).flatMap(CertificateProfile.init)
        entry.facts = UnitFacts(
            board: (row["board"] as String?).flatMap(BoardSerial.init), macs: list("macs"), image: row["image"],
            selfTest: row["self_test"])
        entry.key = row["key"]
        entry.serial = row["serial"]
        entry.issuer = row["issuer"]
        entry.notAfter = row["not_after"]
        entry.databases = list("databases")
        entry.code = row["code"]
        entry.detail = row["detail"]
        return entry
    }

    private static func insert(_ entry: RegisterEntry, in db: Database) throws {
        let sql = """
            INSERT INTO register (time, event, operator, command, subject, profile, board, macs, key, serial, issuer,
              not_after, databases, image, self_test, code, detail, certificate)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        let values: [(any DatabaseValueConvertible)?] = [
            entry.time, entry.event.rawValue, entry.operation.user, entry.operation.command, entry.subject,
            entry.profile?.rawValue, entry.facts.board?.description, entry.facts.macs.joined(separator: " "), entry.key,
            entry.serial, entry.issuer, entry.notAfter, entry.databases.joined(separator: " "), entry.facts.image,
            entry.facts.selfTest, entry.code, entry.detail,
        ]
        let blob = entry.certificate?.withUnsafeBytes { DatabaseValue(value: Data($0)) }
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(values + [blob]))
    }

    private static func failure(_ error: any Error, _ path: String) -> any Error {
        if let error = error as? SystemError {
            return Failure("ca.registerUnusable", "The register cannot be used: \(error).")
        }
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return Failure(
                "ca.busy", "Another picli is working with the register \(path).", hint: "again in a moment",
                status: .tryAgain)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_SCHEMA, .SQLITE_ERROR:
            return Failure(
                "ca.registerDamaged", "\(path) is no register that can be read: \(error.message ?? "damaged").",
                hint: "put the file back from your copy of the authority")
        default:
            return Failure(
                "ca.registerUnusable", "The register \(path) cannot be used: \(error.message ?? "SQLite \(error)").",
                hint: "check the space and the permissions there")
        }
    }
}
