import GRDB
public import Site

/// The audit log, read.
extension Journal {
    /// The entries that are asked for, and what is wrong in the part of the log that was looked through for them.
    ///
    /// - Throws: `StoreError` when the file cannot be read.
    public func audit(_ query: AuditQuery = .whole) async throws -> AuditPage {
        guard query.limit > 0 else {
            throw StoreError(.badQuery, "The limit is \(query.limit).", hint: "a limit of 1 or more")
        }
        return try await reading(AuditPage(entries: [], faults: [], next: nil)) { identity, db in
            try Self.page(query, identity, db)
        }
    }

    /// Looks at all entries: whether they are what was written.
    ///
    /// - Throws: `StoreError` when the file cannot be read.
    public func auditProof() async throws -> AuditProof {
        try await reading(AuditProof(count: 0, newest: nil, faults: [])) { identity, db in
            let walk = try AuditWalk(from: .min, through: .max, identity, db)
            return AuditProof(count: walk.count, newest: walk.newest, faults: walk.faults)
        }
    }

    /// - Parameter nothing: the answer where there is no journal yet.
    private func reading<Answer: Sendable>(
        _ nothing: Answer, _ body: @escaping @Sendable (Identity, Database) throws -> Answer
    ) async throws -> Answer {
        guard let connection else {
            guard let error else { return nothing }
            throw error
        }
        do {
            return try await connection.read { db in try body(connection.identity, db) }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    /// The two names of an actor who came with a token (see `AuditEntry.actor`); of any other the whole, and NULL.
    private static let userOfActor = "substr(actor, 1, instr(actor || :mark, :mark) - 1)"
    private static let tokenOfActor = """
        CASE WHEN instr(actor, :mark) > 0
        THEN substr(actor, instr(actor, :mark) + length(:mark), length(actor) - instr(actor, :mark) - length(:mark)) END
        """

    private static func page(_ query: AuditQuery, _ identity: Identity, _ db: Database) throws -> AuditPage {
        let isForward = query.after != nil
        let sql = """
            SELECT \(Table.audit.list) FROM audit
            WHERE sequence > :after AND sequence < :before AND wall >= :from AND wall < :to
            AND (:who IS NULL OR :who COLLATE NOCASE IN (actor, subject, origin, \(userOfActor), \(tokenOfActor)))
            AND (:what IS NULL OR action = :what OR substr(action, 1, length(:what) + 1) = :what || '.')
            ORDER BY sequence \(isForward ? "ASC" : "DESC")
            """
        let arguments: StatementArguments = [
            "after": query.after ?? .min, "before": query.before ?? .max, "from": query.from ?? .min,
            "to": query.to ?? .max, "who": query.who, "what": query.what, "mark": AuditEntry.tokenMark,
        ]
        var entries: [RecordedAuditEntry] = []
        let cursor = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while entries.count < query.limit, let row = try cursor.next() {
            guard let stored = StoredRow(.audit, row), let (entry, digest) = AuditChain.entry(stored) else { continue }
            entries.append(RecordedAuditEntry(id: identity.rowID(stored.id), entry: entry, digest: digest))
        }
        let next = entries.count == query.limit ? entries.last?.id.sequence : nil
        let first = query.after.map { $0 == .max ? .max : $0 + 1 } ?? next ?? .min
        let last = (isForward ? next : nil) ?? query.before.map { $0 == .min ? .min : $0 - 1 } ?? .max
        let faults = try AuditWalk(from: first, through: last, identity, db).faults
        return AuditPage(entries: entries, faults: faults, next: next)
    }
}

/// A part of the audit log, and what is wrong with it.
public struct AuditPage: Hashable, Sendable {
    public var entries: [RecordedAuditEntry]
    public var faults: [AuditFault]
    /// The sequence of the last of them, where there are more.
    public var next: Int64?

    public init(entries: [RecordedAuditEntry], faults: [AuditFault], next: Int64?) {
        self.entries = entries
        self.faults = faults
        self.next = next
    }
}

/// What a look at the whole log found.
public struct AuditProof: Hashable, Sendable {
    public var count: Int
    /// The digest of the newest entry; nil when there is none.
    public var newest: [UInt8]?
    public var faults: [AuditFault]

    public init(count: Int, newest: [UInt8]?, faults: [AuditFault]) {
        self.count = count
        self.newest = newest
        self.faults = faults
    }
}

/// Where the chain of entries is broken.
public enum AuditFault: Hashable, Sendable {
    /// A row is not what was written, or one before it is not.
    case altered(RowID)
    /// Rows are gone.
    case missing(after: RowID)
}
