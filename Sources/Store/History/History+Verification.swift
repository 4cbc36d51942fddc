import GRDB
public import Site

extension History {
    /// Reads the whole file and has SQLite check it: for a quiet hour of the day, because a large file takes minutes on a
    /// card.
    ///
    /// Small files are checked at every start; in a large one damage would otherwise show only when the damaged place is
    /// used. A damaged file is replaced and salvaged. Answers whether it was whole.
    public func verify(now: Timestamp) async throws -> Bool {
        guard let connection = writable else { return true }
        do {
            let findings = try await connection.read { db in
                try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
            }
            guard findings != ["ok"] else { return true }
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: findings.joined(separator: "; "))
        } catch {
            await exclusively { await failed(error, at: now) }
            guard StoreError.isDamage(error), writable != nil else {
                throw StoreError(error, file: file.kind.fileName)
            }
            return false
        }
    }
}
