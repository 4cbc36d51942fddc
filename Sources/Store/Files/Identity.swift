import GRDB
import Site

/// The line of databases that a file stands in: its own ID and those of the damaged files it replaced.
///
/// Every file has a generation, and its rows are numbered from `generation << 40`: so a salvaged row keeps its number,
/// and with it the name under which it may already have left the unit.
struct Identity: Hashable, Sendable {
    /// By generation; the last is the file's own.
    private(set) var ancestry: [DatabaseID]

    init(_ ancestry: [DatabaseID]) { self.ancestry = ancestry }

    var own: DatabaseID { ancestry[ancestry.count - 1] }
    var predecessor: DatabaseID? { ancestry.count > 1 ? ancestry[ancestry.count - 2] : nil }
    var generation: Int { ancestry.count - 1 }

    static let sequenceBits: Int64 = 40

    /// The first number for rows of this file.
    var firstSequence: Int64 { Int64(generation) << Self.sequenceBits + 1 }

    /// The next number for a row of this file.
    ///
    /// Damaged rows count too: their numbers are taken.
    func nextSequence(in table: Table, _ db: Database) throws -> Int64 {
        let end = Int64(generation + 1) << Self.sequenceBits
        let sql = "SELECT max(\(table.key)) FROM \(table.name) WHERE \(table.key) < ?"
        let last = try Int64.fetchOne(db, sql: sql, arguments: [end]) ?? 0
        return max(last + 1, firstSequence)
    }

    func rowID(_ sequence: Int64) -> RowID {
        let generation = Int(clamping: sequence >> Self.sequenceBits)
        return RowID(database: ancestry.indices.contains(generation) ? ancestry[generation] : own, sequence: sequence)
    }

    /// Two copies of each entry, so that no single damaged place takes the name of the file.
    func store(in db: Database) throws {
        for (generation, id) in ancestry.enumerated() {
            for copy in 0..<2 {
                try StoredRow(.identity, id: Int64(generation * 2 + copy), [id.description]).replace(in: db)
            }
        }
        // Also in the header (sqlite.org/fileformat2.html, offset 60).
        try db.execute(sql: "PRAGMA user_version = \(generation)")
    }

    /// nil when the file has none, or not a whole one.
    init?(_ db: Database) throws {
        let rows = try Row.fetchAll(db, sql: "SELECT \(Table.identity.list) FROM identity")
        self.init(rows: rows.compactMap { StoredRow(.identity, $0) })
    }

    init?(rows: [StoredRow]) {
        var known: [Int: DatabaseID] = [:]
        for row in rows where row.id >= 0 && row.id < 1 << 14 {
            known[Int(row.id / 2)] = row.text(0).flatMap(DatabaseID.init)
        }
        let ids = (0..<known.count).compactMap { known[$0] }
        guard !ids.isEmpty, ids.count == known.count else { return nil }
        self.init(ids)
    }
}
