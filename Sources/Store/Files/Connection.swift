import FoundationEssentials
import GRDB
import Site

/// One open database file.
///
/// All blocking work runs on GRDB's own queues.
struct Connection: Sendable {
    let kind: DatabaseKind
    let identity: Identity
    /// A pool for the unit itself, a queue with one read-only connection for everybody else.
    let database: any DatabaseWriter
    let isReadOnly: Bool

    /// Reads in one transaction: everything seen belongs to one moment.
    func read<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            database.asyncRead { result in
                continuation.resume(with: Result { try work(result.get()) })
            }
        }
    }

    /// Writes in one transaction, which has reached the disk when this returns.
    ///
    /// Not cancelled with the task that asks: others may wait for what it writes.
    func write<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            database.asyncWrite(work) { _, result in continuation.resume(with: result) }
        }
    }

    /// Closes after what is under way, and empties the write-ahead log, so that a card that is pulled out carries whole
    /// files.
    func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            database.asyncBarrierWriteWithoutTransaction { result in
                // A reader of another process may hold it: then the log stays, and loses nothing.
                if let db = try? result.get() { _ = try? db.checkpoint(.truncate) }
                continuation.resume()
            }
        }
        try? database.close()
    }
}

extension Connection {
    /// Opens a file for writing, makes it when it is not there, brings it up to date, and proves its settings.
    static func writable(_ kind: DatabaseKind, at path: String, newIdentity: @Sendable () -> Identity) throws
        -> Connection
    {
        let pool = try DatabasePool(path: path, configuration: configuration(kind))
        do {
            try Schema.migrator(for: kind).migrate(pool)
            try pool.writeWithoutTransaction { db in
                // A commit is on the disk when it returns (sqlite.org/pragma.html). The pool sets NORMAL when it turns the
                // write-ahead log on.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try assertSettings(of: db, kind: kind)
            }
            let identity = try pool.write { db in
                if let identity = try Identity(db) { return identity }
                guard try Int.fetchOne(db, sql: "SELECT count(*) FROM identity") == 0 else { throw DamagedBytes() }
                let identity = newIdentity()
                try identity.store(in: db)
                return identity
            }
            return Connection(kind: kind, identity: identity, database: pool, isReadOnly: false)
        } catch {
            try? pool.close()
            throw error
        }
    }

    /// Opens a file for reading only; works beside a running unit, and on a disk that is read-only.
    static func readable(_ kind: DatabaseKind, at path: String) throws -> Connection {
        var configuration = configuration(kind)
        configuration.readonly = true
        let queue = try openQueue(path, configuration)
        guard let identity = try queue.read({ db in try Identity(db) }) else {
            throw StoreError(
                .damaged, "\(path) has lost its identity.", hint: "start picli serve once: it repairs the file")
        }
        return Connection(kind: kind, identity: identity, database: queue, isReadOnly: true)
    }

    private static func openQueue(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            _ = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") }
            return queue
        } catch let error as DatabaseError where isQuiet(path) && !StoreError.isDamage(error) {
            // SQLite wants to make its shared memory file, and may not. Nobody writes (there is no write-ahead log to
            // read), so the file can be taken as it is.
            return try DatabaseQueue(path: "file:\(path)?immutable=1", configuration: configuration)
        }
    }

    private static func isQuiet(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return ((attributes?[.size] as? UInt64) ?? 0) == 0
    }

    private static func configuration(_ kind: DatabaseKind) -> Configuration {
        var configuration = Configuration()
        configuration.label = kind.fileName
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = kind == .history ? 2 : 1
        configuration.prepareDatabase { db in
            // page_size and auto_vacuum count only before the file has its first page: freed pages are used again, and the
            // file stays as large as it once was. Debian's SQLite overwrites what is deleted unless told not to: twice the
            // writes for retention. The cache is in KiB: memory is dear on a Pi.
            try db.execute(
                sql: """
                    PRAGMA page_size = \(kind.pageSize);
                    PRAGMA auto_vacuum = NONE;
                    PRAGMA secure_delete = OFF;
                    PRAGMA cache_size = -512;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = \(4_096_000 / kind.pageSize);
                    PRAGMA journal_size_limit = 4194304;
                    """)
        }
        return configuration
    }

    /// Reads back what the promises stand on.
    private static func assertSettings(of db: Database, kind: DatabaseKind) throws {
        let journalMode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        let full = 2
        guard journalMode == "wal", synchronous == full else {
            throw StoreError(
                .unsafeSettings,
                """
                \(kind.fileName) has journal_mode \(journalMode ?? "unknown") and synchronous \
                \(synchronous.map(String.init) ?? "unknown"), not wal and \(full).
                """,
                hint: "install the SQLite library of the distribution; this one ignores its settings")
        }
    }
}
