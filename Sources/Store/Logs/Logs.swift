import GRDB
public import Site

/// The log lines of the site, in `logs.sqlite`: a writer of its own, so that a flood never holds the other two.
public actor Logs {
    let file: DatabaseFile
    private let report: History.Report
    private var writable: Connection?
    private var readable: Connection?
    private var trouble: StoreError?
    private var nextSequence: Int64 = 1
    /// Rows of a damaged file that are still to be copied.
    private var salvage: SalvageRun?
    /// The newest moment that somebody named, for what a reader finds out.
    private var time = Timestamp(wall: 0, boot: Timestamp.unknownBoot, monotonic: 0, isTrusted: false)

    /// How long one search may take; then it says how far it came.
    private static let patience = Duration.seconds(2)

    private var connection: Connection? { writable ?? readable }
    public var databaseID: DatabaseID? { connection?.identity.own }
    /// Why nothing can be written; nil when all is well.
    public var error: StoreError? { trouble }

    init(file: DatabaseFile, report: @escaping History.Report) {
        self.file = file
        self.report = report
    }

    func open(at time: Timestamp) async {
        await readable?.close()
        readable = nil
        await adopt(await file.open(at: time.wall), at: time)
    }

    /// Reads from a connection, or has nothing to say.
    func look(_ connection: Connection?) { readable = connection }

    private func adopt(_ opening: DatabaseFile.Opening, at time: Timestamp) async {
        self.time = time
        if let error = opening.error { await fail(error, at: time) }
        if let connection = opening.connection {
            if connection.isReadOnly { readable = connection } else { writable = connection }
            await count()
        }
        for event in DatabaseEvents.opening(opening, of: .logs, at: time) { await report(event) }
        salvage = opening.salvage.hasMore ? writable.map { SalvageRun(connection: $0, directory: file.directory) } : nil
    }

    /// Copies some more rows of a damaged file, beside all else; answers whether there are more.
    @discardableResult
    public func salvageSome(at time: Timestamp) async -> Bool {
        guard let salvage else { return false }
        let standing = (try? await salvage.next()) ?? SalvageRun.Standing()
        if standing.hasMore { return true }
        self.salvage = nil
        await report(DatabaseEvents.salvaged(standing, kind: .logs, at: time))
        return false
    }

    /// Stores a batch in one commit; answers its lines with their names.
    ///
    /// Throws `StoreError` when it cannot: whether it did none the less (a commit that failed half way) is for `places`
    /// to say.
    @discardableResult
    public func append(_ batch: LogBatch, at time: Timestamp) async throws -> [RecordedLine] {
        self.time = time
        if writable == nil, trouble?.code != .closed { await open(at: time) }
        do {
            return try await insert(batch, at: time)
        } catch  where StoreError.isDamage(error) {
            guard await replace(because: error) else { throw StoreError(error, file: file.kind.fileName) }
            return try await insert(batch, at: time)
        }
    }

    /// Sets the damaged file aside and begins a new one; false when it is not ours to do.
    private func replace(because error: any Error) async -> Bool {
        guard let damaged = writable else { return false }
        await damaged.close()
        writable = nil
        let (file, reason, time) = (file, StoreError(error, file: file.kind.fileName), time)
        await adopt(await Blocking.run { file.replace(because: reason, at: time.wall) }, at: time)
        return true
    }

    /// Reads; what is found damaged is replaced, and read again.
    private func read<T: Sendable>(_ work: @escaping @Sendable (Database, Identity) throws -> T) async throws -> T? {
        for isSecond in [false, true] {
            guard let connection else { return nil }
            do {
                return try await connection.read { try work($0, connection.identity) }
            } catch {
                if !isSecond, StoreError.isDamage(error), await replace(because: error) { continue }
                throw StoreError(error, file: file.kind.fileName)
            }
        }
        return nil
    }

    /// Finds the next free number.
    private func count() async {
        guard let connection else { return }
        let next = try? await connection.read { try connection.identity.nextSequence(in: .line, $0) }
        nextSequence = max(nextSequence, next ?? connection.identity.firstSequence)
    }

    private func insert(_ batch: LogBatch, at time: Timestamp) async throws -> [RecordedLine] {
        do {
            let recorded = try await write(batch)
            if trouble != nil { await report(DatabaseEvents.writable(kind: .logs, dropped: 0, of: "lines", at: time)) }
            trouble = nil
            return recorded
        } catch  where !StoreError.isDamage(error) {
            await fail(error, at: time)
            await count()
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    private func write(_ batch: LogBatch) async throws -> [RecordedLine] {
        guard let writable else { throw trouble ?? StoreError(.closed, "The logs are closed.") }
        let first = nextSequence
        try await writable.write { db in
            for (index, line) in batch.lines.enumerated() {
                try LineRow.row(line, sequence: first + Int64(index)).insert(into: db)
            }
            try db.execute(sql: "DELETE FROM spool")
            for place in batch.places { try place.row.insert(into: db) }
            for source in batch.sources { try Self.store(source, in: db) }
        }
        nextSequence += Int64(batch.lines.count)
        return batch.lines.enumerated().map {
            RecordedLine(id: writable.identity.rowID(first + Int64($0)), line: $1)
        }
    }

    private static func store(_ source: LogSource, in db: Database) throws {
        let known = try Int64.fetchOne(
            db, sql: "SELECT id FROM source WHERE address = ?", arguments: [source.address])
        let id = try known ?? Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM source") ?? 1
        try source.row(id: id).replace(in: db)
    }

    private func fail(_ error: any Error, at time: Timestamp) async {
        let reason = StoreError(error, file: file.kind.fileName)
        let isNew = trouble == nil
        trouble = reason
        guard isNew else { return }
        await report(
            DatabaseEvents.unwritable(
                reason, kind: .logs,
                keeping: "Log lines wait in memory, as many as fit, until it can be written again.",
                at: time))
    }

    /// How far the files of the hand-over are stored.
    public func places() async throws -> [SpoolPlace] {
        try await rows(.spool).compactMap { SpoolPlace($0) }
    }

    /// Every sender that was ever heard.
    public func sources() async throws -> [LogSource] {
        try await rows(.source).compactMap { LogSource($0) }
    }

    private func rows(_ table: Table) async throws -> [StoredRow] {
        let rows = try await read { db, _ -> [StoredRow] in
            guard try db.tableExists(table.name) else { return [] }
            return try Row.fetchAll(db, sql: "SELECT \(table.list) FROM \(table.name)").compactMap {
                StoredRow(table, $0)
            }
        }
        return rows ?? []
    }

    /// Lines that are not what was written are left out.
    public func lines(_ query: LogQuery) async throws -> LogAnswer {
        // A reader that found no logs has nothing to say.
        if connection == nil, let trouble { throw trouble }
        guard query.limit > 0 else {
            throw StoreError(.badQuery, "The limit is \(query.limit).", hint: "a limit of 1 or more")
        }
        let deadline = ContinuousClock.now + Self.patience
        return try await read { try LineSearch(query: query, identity: $1, deadline: deadline).run($0) }
            ?? LogAnswer(lines: [])
    }

    /// Deletes lines older than `age` and, the oldest first, what exceeds `bytes`; answers how many.
    ///
    /// Age is never judged by a clock that is not trusted.
    @discardableResult
    public func maintain(now: Timestamp, keeping age: Duration?, bytes: Int64) async throws -> Int {
        let oldest = now.isTrusted ? age.map { now.clamped.wall &- $0.milliseconds } : nil
        var deleted = 0
        while let writable, !Task.isCancelled {
            do {
                let count = try await writable.write { try LineRow.delete(before: oldest, bytes: bytes, db: $0) }
                deleted += count
                if count == 0 { break }
            } catch {
                await fail(error, at: now)
                throw StoreError(error, file: file.kind.fileName)
            }
        }
        return deleted
    }

    /// The clock was set: see `History.clockWasSet`.
    public func clockWasSet(boot: Int, offset: Int64, at time: Timestamp) async throws {
        guard let writable else { return }
        try await ClockCorrection(boot: boot, offset: offset, time: time.clamped).apply(to: .line, in: writable)
    }

    public func close() async {
        await connection?.close()
        writable = nil
        readable = nil
        trouble = StoreError(.closed, "The logs were closed.")
    }
}
