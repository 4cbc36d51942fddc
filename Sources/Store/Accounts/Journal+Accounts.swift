import GRDB
public import Site

/// Users and the audit log, in `journal.sqlite`.
///
/// What is acknowledged has reached the disk.
extension Journal {
    /// Everybody who may come in; rows that are not what was written are left out.
    ///
    /// - Throws: `StoreError` when the file cannot be read.
    public func book() async throws -> AccountBook {
        guard let connection else {
            guard let error else { return AccountBook() }
            throw error
        }
        do {
            return try await connection.read { db in
                var book = AccountBook()
                for row in try Self.rows(.user, db) { AccountRows.account(row).map { _ = book.apply(.account($0)) } }
                for row in try Self.rows(.session, db) { AccountRows.session(row).map { _ = book.apply(.session($0)) } }
                for row in try Self.rows(.token, db) { AccountRows.token(row).map { _ = book.apply(.token($0)) } }
                return book
            }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    /// Stores changes and what the audit log says of them, all or nothing.
    ///
    /// - Throws: `StoreError` when they cannot be stored.
    public func write(_ changes: [AccountBook.Change], audit entries: [AuditEntry]) async throws {
        guard let writable else { throw error ?? StoreError(.closed, "The journal is closed.") }
        do {
            try await writable.write { db in
                for change in changes { try Self.write(change, db) }
                guard !entries.isEmpty else { return }
                let newest = "SELECT \(Table.audit.list) FROM audit ORDER BY sequence DESC LIMIT 1"
                let last = try Row.fetchOne(db, sql: newest).flatMap { StoredRow(.audit, $0) }
                var sequence = try writable.identity.nextSequence(in: .audit, db)
                var digest = last.flatMap(AuditChain.entry)?.digest ?? AuditChain.root
                for entry in entries {
                    let row = AuditChain.row(entry, sequence: sequence, after: digest)
                    try row.insert(into: db)
                    digest = AuditChain.digest(entry, sequence: sequence, after: digest)
                    sequence += 1
                }
            }
        } catch {
            throw StoreError(error, file: file.kind.fileName)
        }
    }

    private static func rows(_ table: Table, _ db: Database) throws -> [StoredRow] {
        try Row.fetchAll(db, sql: "SELECT \(table.list) FROM \(table.name)").compactMap { StoredRow(table, $0) }
    }

    private static func write(_ change: AccountBook.Change, _ db: Database) throws {
        switch change {
        case .account(let account): try write(AccountRows.row(account), db)
        case .session(let session): try write(AccountRows.row(session), db)
        case .token(let token): try write(AccountRows.row(token), db)
        case .accountRemoved(let id): try delete(.user, id, db)
        case .sessionEnded(let id): try delete(.session, id, db)
        case .tokenRevoked(let id): try delete(.token, id, db)
        }
    }

    /// Not `replace`, which would take away another row of the same name.
    private static func write(_ row: StoredRow, _ db: Database) throws {
        try delete(row.table, row.id, db)
        try row.insert(into: db)
    }

    private static func delete(_ table: Table, _ id: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM \(table.name) WHERE \(table.key) = ?", arguments: [id])
    }
}
