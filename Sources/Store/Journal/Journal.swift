import GRDB
public import Site

/// What happened on the unit: events, and the boots they happened in, in `journal.sqlite`.
///
/// An acknowledged event has reached the disk. Events that come at once share one commit.
public actor Journal {
    let file: DatabaseFile
    private let deployment: String?
    private let tell: Store.Tell
    var writable: Connection?
    private var readable: Connection?
    private var trouble: StoreError?
    private var nextSequence: Int64 = 1

    private struct Pending {
        var event: Event
        var acknowledge: CheckedContinuation<RecordedEvent, any Error>
    }

    private var pending: [Pending] = []
    private var isWriting = false
    /// The number of this boot, when it could not be written yet.
    var unsavedBoot: StoredRow?
    /// What the store itself has to tell, and could not.
    private var unreported: [Event] = []
    /// Events that had to be given up since it could last be written.
    private var dropped = 0
    /// Nothing can be written at present, and that was told.
    private var isTroubleTold = false

    /// Reports that wait for a disk; the oldest go first.
    private static let mostUnreported = 100

    var connection: Connection? { writable ?? readable }
    public var databaseID: DatabaseID? { connection?.identity.own }
    public var predecessorID: DatabaseID? { connection?.identity.predecessor }
    /// Why nothing can be written; nil when all is well.
    public var error: StoreError? { trouble }

    /// Events of the store that wait for the disk, oldest first.
    var waiting: [Event] { unreported }

    init(file: DatabaseFile, deployment: String?, tell: @escaping Store.Tell = { _ in }) {
        self.file = file
        self.deployment = deployment
        self.tell = tell
    }

    /// Opens the file, whatever state it is in; answers what there is to tell about that.
    func open(at time: Timestamp) async -> [Event] {
        await readable?.close()
        readable = nil
        let opening = await file.open(at: time.wall)
        return await adopt(opening, at: time)
    }

    /// Reads from a connection, or has nothing to say.
    func look(_ connection: Connection?) { readable = connection }

    private func adopt(_ opening: DatabaseFile.Opening, at time: Timestamp) async -> [Event] {
        trouble = opening.error
        guard let connection = opening.connection else { return [] }
        if connection.isReadOnly { readable = connection } else { writable = connection }
        var standing = opening.salvage
        while standing.hasMore {
            let run = SalvageRun(connection: connection, directory: file.directory)
            standing = (try? await run.next()) ?? SalvageRun.Standing()
        }
        var told = opening
        told.salvage = standing
        let next = try? await connection.read { try connection.identity.nextSequence(in: .event, $0) }
        nextSequence = next ?? connection.identity.firstSequence
        return DatabaseEvents.opening(told, of: .journal, at: time)
    }

    // MARK: Events

    /// Stores an event; returns when it has reached the disk.
    ///
    /// Throws `StoreError` when it cannot.
    @discardableResult
    public func record(_ event: Event) async throws -> RecordedEvent {
        guard !isWriting else {
            return try await withCheckedThrowingContinuation { pending.append(Pending(event: event, acknowledge: $0)) }
        }
        isWriting = true
        let recorded = await write([event])
        await writePending()
        return try recorded.get()[0]
    }

    /// Tries again to store what the store has to tell of itself, which no event came after.
    public func retry() async {
        guard !isWriting, !unreported.isEmpty else { return }
        isWriting = true
        _ = await write([])
        await writePending()
    }

    /// Events that whoever waits for the journal had to give up.
    public func lost(_ count: Int) { dropped += count }

    /// Whoever came meanwhile is waiting: one commit for all of them, by the one that is here already.
    private func writePending() async {
        while !pending.isEmpty {
            let batch = pending
            pending = []
            let results = await write(batch.map(\.event))
            for (index, entry) in batch.enumerated() { entry.acknowledge.resume(with: results.map { $0[index] }) }
        }
        isWriting = false
    }

    /// Stores an event of the store itself, now or, when that is not possible, before the next one that can be.
    ///
    /// It is told at once in either case: the disk that it waits for may be what it is about.
    func report(_ event: Event) async {
        tell(event)
        do { try await record(event) } catch { keep(event) }
    }

    private func keep(_ event: Event) {
        unreported.append(event)
        guard unreported.count > Self.mostUnreported else { return }
        unreported.removeFirst()
        dropped += 1
    }

    /// Tells, once, that nothing can be written.
    func tellTrouble(at time: Timestamp) {
        guard let trouble, trouble.code != .closed, !isTroubleTold else { return }
        isTroubleTold = true
        let event = DatabaseEvents.unwritable(
            trouble, kind: .journal, keeping: "Events are kept in memory until it can be written again.", at: time)
        tell(event)
        keep(event)
    }

    private func write(_ events: [Event]) async -> Result<[RecordedEvent], any Error> {
        guard let time = (events.last ?? unreported.last)?.time else { return .success([]) }
        if writable == nil, trouble?.code != .closed { told(await open(at: time)) }
        var waiting = unreported.count
        let first = await commit(unreported + events)
        if case .failure(let error) = first, StoreError.isDamage(error), let damaged = writable {
            await damaged.close()
            writable = nil
            let (file, reason) = (file, StoreError(error, file: file.kind.fileName))
            told(await adopt(await Blocking.run { file.replace(because: reason, at: time.wall) }, at: time))
            waiting = unreported.count
            return await settle(await commit(unreported + events), waiting: waiting, at: time)
        }
        return await settle(first, waiting: waiting, at: time)
    }

    /// What came of opening the file goes before the event that it was opened for.
    private func told(_ events: [Event]) {
        for event in events { tell(event) }
        unreported += events
    }

    private func commit(_ events: [Event]) async -> Result<[RecordedEvent], any Error> {
        guard let writable else { return .failure(trouble ?? StoreError(.closed, "The journal is closed.")) }
        let (first, deployment, identity, boot) = (nextSequence, deployment, writable.identity, unsavedBoot)
        do {
            try await writable.write { db in
                try boot?.replace(in: db)
                for (index, event) in events.enumerated() {
                    try EventRow.row(event, sequence: first + Int64(index), deployment: deployment).insert(into: db)
                }
            }
        } catch {
            return .failure(error)
        }
        nextSequence += Int64(events.count)
        unsavedBoot = nil
        return .success(
            events.enumerated().map {
                RecordedEvent(id: identity.rowID(first + Int64($0)), deployment: deployment, event: $1)
            })
    }

    private func settle(
        _ result: Result<[RecordedEvent], any Error>, waiting: Int, at time: Timestamp
    ) async -> Result<[RecordedEvent], any Error> {
        switch result {
        case .success(let recorded):
            trouble = nil
            unreported.removeFirst(waiting)
            await tellRecovery(at: time)
            return .success(Array(recorded.dropFirst(waiting)))
        case .failure(let error):
            let reason = StoreError(error, file: file.kind.fileName)
            trouble = reason
            tellTrouble(at: time)
            return .failure(reason)
        }
    }

    private func tellRecovery(at time: Timestamp) async {
        guard isTroubleTold else { return }
        isTroubleTold = false
        let event = DatabaseEvents.writable(kind: .journal, dropped: dropped, of: "events", at: time)
        dropped = 0
        tell(event)
        if case .failure = await commit([event]) { keep(event) }
    }

    /// Deletes the oldest events beyond so many; answers how many.
    ///
    /// The newest always stay, whatever the clock says.
    @discardableResult
    public func maintain(keeping count: Int) async throws -> Int {
        guard let writable else { return 0 }
        let first = nextSequence - Int64(max(count, 1))
        do {
            return try await writable.write { db in
                try db.execute(sql: "DELETE FROM event WHERE sequence < ?", arguments: [first])
                return db.changesCount
            }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    /// Newest first; rows that are not what was written are left out.
    public func events(_ query: EventQuery) async throws -> [RecordedEvent] {
        guard let connection else {
            // A reader that found no journal: nothing has happened yet.
            guard let trouble else { return [] }
            throw trouble
        }
        guard query.limit > 0 else {
            throw StoreError(.badQuery, "The limit is \(query.limit).", hint: "a limit of 1 or more")
        }
        do {
            return try await connection.read { db in
                try Self.events(query, identity: connection.identity, db: db)
            }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    private static func events(_ query: EventQuery, identity: Identity, db: Database) throws -> [RecordedEvent] {
        let sql = """
            SELECT \(Table.event.list) FROM event
            WHERE sequence < ? AND wall >= ? AND wall < ? AND severity <= ? AND (? IS NULL OR subject = ?)
            ORDER BY sequence DESC
            """
        let cursor = try Row.fetchCursor(
            db, sql: sql,
            arguments: [
                query.before ?? .max, query.from ?? .min, query.to ?? .max, query.atLeast.rawValue, query.subject,
                query.subject,
            ])
        var events: [RecordedEvent] = []
        while events.count < query.limit, let row = try cursor.next() {
            guard let stored = StoredRow(.event, row), let event = EventRow.event(stored, identity: identity) else {
                continue
            }
            events.append(event)
        }
        return events
    }

    /// The clock was set: see `History.clockWasSet`.
    public func clockWasSet(boot: Int, offset: Int64, at time: Timestamp) async throws {
        guard let writable else { return }
        let correction = ClockCorrection(boot: boot, offset: offset, time: time.clamped)
        try await correction.apply(to: .event, in: writable)
    }

    /// Closes the file; answers how many events it did not get to hold.
    @discardableResult
    public func close() async -> Int {
        await connection?.close()
        writable = nil
        readable = nil
        trouble = StoreError(.closed, "The journal was closed.")
        return unreported.count + dropped
    }
}
