import GRDB
public import Site

/// The log lines of the site, in `logs.sqlite`: a writer of its own, so that a flood never holds the other two.
public actor Logs {
    let file: DatabaseFile
    private let report: History.Report
    private var writable: Connection?
    private var readable: Connection?
    private var trouble: StoreError?
    private var dropped = 0
    private var nextSequence: Int64 = 1

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
        if let error = opening.error { await fail(error, at: time) }
        if let connection = opening.connection {
            if connection.isReadOnly { readable = connection } else { writable = connection }
            let next = try? await connection.read { try connection.identity.nextSequence(in: .line, $0) }
            nextSequence = next ?? connection.identity.firstSequence
        }
        for event in DatabaseEvents.opening(opening, of: .logs, at: time) { await report(event) }
        await salvage(opening.salvage, at: time)
    }

    /// Lines are copied at once: nobody waits for them as for a sensor.
    private func salvage(_ standing: SalvageRun.Standing, at time: Timestamp) async {
        guard standing.hasMore, let connection = writable else { return }
        var standing = standing
        let run = SalvageRun(connection: connection, directory: file.directory)
        while standing.hasMore { standing = (try? await run.next()) ?? SalvageRun.Standing() }
        await report(DatabaseEvents.salvaged(standing, kind: .logs, at: time))
    }

    /// Stores lines in one commit.
    ///
    /// What cannot be stored is dropped and counted: the senders send on, memory does not hold a flood.
    public func append(_ lines: [LogLine]) async throws {
        guard let time = lines.last?.received else { return }
        if writable == nil, trouble?.code != .closed { await open(at: time) }
        do {
            try await insert(lines)
            if trouble != nil {
                await report(DatabaseEvents.writable(kind: .logs, dropped: dropped, of: "lines", at: time))
            }
            trouble = nil
            dropped = 0
        } catch {
            dropped += lines.count
            if StoreError.isDamage(error), let damaged = writable {
                await damaged.close()
                writable = nil
                let (file, reason) = (file, StoreError(error, file: file.kind.fileName))
                await adopt(await Blocking.run { file.replace(because: reason, at: time.wall) }, at: time)
            } else {
                await fail(error, at: time)
            }
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    private func insert(_ lines: [LogLine]) async throws {
        guard let writable else { throw trouble ?? StoreError(.closed, "The logs are closed.") }
        let first = nextSequence
        nextSequence += Int64(lines.count)
        try await writable.write { db in
            for (index, line) in lines.enumerated() {
                try LineRow.row(line, sequence: first + Int64(index)).insert(into: db)
            }
        }
    }

    private func fail(_ error: any Error, at time: Timestamp) async {
        let reason = StoreError(error, file: file.kind.fileName)
        let isNew = trouble == nil
        trouble = reason
        guard isNew else { return }
        await report(
            DatabaseEvents.unwritable(
                reason, kind: .logs, keeping: "Log lines are dropped until it can be written again.", at: time))
    }

    /// Newest first; lines that are not what was written are left out.
    public func lines(_ query: LogQuery) async throws -> [RecordedLine] {
        guard let connection else {
            // A reader that found no logs.
            guard let trouble else { return [] }
            throw trouble
        }
        guard query.limit > 0 else {
            throw StoreError(.badQuery, "The limit is \(query.limit).", hint: "a limit of 1 or more")
        }
        do {
            return try await connection.read { try LineRow.lines(query, identity: connection.identity, db: $0) }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
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
