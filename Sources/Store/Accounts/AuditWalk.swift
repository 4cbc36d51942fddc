import GRDB
import Site

/// A look at the chain of entries, row by row, from the oldest on: whether each seals the one before it.
struct AuditWalk {
    /// Entries that can be read.
    private(set) var count = 0
    /// The digest of the newest.
    private(set) var newest: [UInt8]?
    private(set) var faults: [AuditFault] = []

    private let identity: Identity
    /// The digest before the next row; nil where nobody knows it.
    private var expected: [UInt8]?
    private var last: Int64?

    /// Reads the rows of these sequences, and the one before them, which the first of them seals.
    init(from first: Int64, through end: Int64, _ identity: Identity, _ db: Database) throws {
        self.identity = identity
        let before = "SELECT \(Table.audit.list) FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT 1"
        if let row = try Row.fetchOne(db, sql: before, arguments: [first]) {
            expected = StoredRow(.audit, row).flatMap(AuditChain.entry)?.digest
            last = Self.sequence(row)
        } else {
            expected = AuditChain.root
        }
        let sql = "SELECT \(Table.audit.list) FROM audit WHERE sequence >= ? AND sequence <= ? ORDER BY sequence"
        let cursor = try Row.fetchCursor(db, sql: sql, arguments: [first, end])
        while let row = try cursor.next() { step(row) }
    }

    private static func sequence(_ row: Row) -> Int64? {
        Int64.fromDatabaseValue(row.databaseValues.first ?? .null)
    }

    private mutating func step(_ row: Row) {
        guard let sequence = Self.sequence(row) else { return }
        let before = last
        last = sequence
        guard let (entry, digest) = StoredRow(.audit, row).flatMap(AuditChain.entry) else {
            faults.append(.altered(identity.rowID(sequence)))
            expected = nil
            return
        }
        // Behind a row that cannot be read, the chain goes on with the next one's word.
        if let expected, AuditChain.digest(entry, sequence: sequence, after: expected) != digest {
            // A file that was replaced goes on with other numbers, and with the same chain.
            let isGap = before.map { sequence != $0 + 1 } ?? false
            faults.append(isGap ? .missing(after: identity.rowID(before ?? 0)) : .altered(identity.rowID(sequence)))
        }
        expected = digest
        count += 1
        newest = digest
    }
}
