import GRDB

/// Copies the rows of a damaged file, which was set aside, into the one that replaced it.
///
/// It reads pages, not tables: a row is found wherever a whole leaf page of it is left, however broken the tree above
/// it is, and it is kept when its checksum is right. It goes in steps of one transaction each, so that the unit senses
/// and stores meanwhile, and it remembers its place, so that a restart goes on.
struct Salvage: Sendable {
    /// What became of it so far.
    struct Progress: Hashable, Sendable {
        var file: String
        /// The next page to read.
        var page = 1
        var kept = 0
        /// Rows that were found, but are not what was written.
        var lost = 0
        var attempts = 0
    }

    let kind: DatabaseKind
    let map: PageMap
    private let free: Set<Int>
    private let tables: [Int: [Table]]

    init?(_ kind: DatabaseKind, path: String) {
        guard let map = PageMap(path: path, expected: kind.pageSize) else { return nil }
        self.kind = kind
        self.map = map
        free = map.freePages()
        tables = Dictionary(grouping: Table.salvaged(in: kind)) { $0.columns.count + 2 }
    }

    /// The identity of the damaged file, when it is left.
    ///
    /// It was written first, so it is near the start.
    func identity() -> Identity? {
        var lost = 0
        return Identity(rows: (1...64).flatMap { rows(ofPage: $0, tables: [3: [.identity]], lost: &lost) })
    }

    /// The generation in the file header, for a file that has lost its identity.
    var headerGeneration: Int { min(PageMap.number(map.page(1), at: 60), 1 << 12) }

    /// Copies the rows of so many pages; answers whether there is more.
    func step(_ progress: inout Progress, pages: Int, into db: Database) throws -> Bool {
        let end = min(progress.page + pages, map.count + 1)
        while progress.page < end {
            for row in rows(ofPage: progress.page, tables: tables, lost: &progress.lost) {
                if try insert(row, into: db) { progress.kept += 1 }
            }
            progress.page += 1
        }
        try progress.store(in: db)
        return progress.page <= map.count
    }

    private func rows(ofPage number: Int, tables: [Int: [Table]], lost: inout Int) -> [StoredRow] {
        guard !free.contains(number), let page = LeafPage(number, of: map) else { return [] }
        var rows: [StoredRow] = []
        var missing = 0
        switch page.sort {
        case .other: return []
        case .damaged: break
        case .leaf:
            for row in page.rows() {
                if let row, tables[row.values.count] == nil { continue }
                if let stored = row.flatMap({ proven($0, tables: tables) }) {
                    rows.append(stored)
                } else {
                    missing += 1
                }
            }
            guard missing > 0 else { return rows }
        }
        // The list of rows is damaged, or a row: look at every place where one could begin.
        for stored in page.sweep().lazy.compactMap({ proven($0, tables: tables) })
        where !rows.contains(where: { $0.table == stored.table && $0.id == stored.id }) {
            rows.append(stored)
            missing -= 1
        }
        lost += max(missing, 0)
        return rows
    }

    /// The row of ours that this is; nil when it is none, or not what was written.
    private func proven(_ row: LeafPage.Row, tables: [Int: [Table]]) -> StoredRow? {
        // The first column is the key, which the record holds as null.
        let found = Array(row.values.dropFirst())
        return (tables[row.values.count] ?? []).lazy.compactMap { StoredRow($0, id: row.id, found: found) }.first
    }

    /// A row that the new file already has was written since, and stands.
    private func insert(_ row: StoredRow, into db: Database) throws -> Bool {
        let known = try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM \(row.table.name) WHERE \(row.table.key) = ?"), arguments: [row.id])
        guard known == nil else { return row.table == .series ? try merge(row, into: db) : false }
        do {
            try row.insert(into: db)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            return false
        }
        // Its day is in no trend row that is trusted yet: the roll-ups of days are made again from those of minutes.
        if row.table == .minutes {
            try db.execute(sql: "INSERT OR IGNORE INTO unfolded (hour) VALUES (?)", arguments: [row.id])
        }
        return true
    }
}

extension Salvage {
    /// A series that reported again before its old row was found keeps its age.
    private func merge(_ old: StoredRow, into db: Database) throws -> Bool {
        let sql = "SELECT \(Table.series.list) FROM series WHERE id = ?"
        guard let found = try Row.fetchOne(db, sql: sql, arguments: [old.id]), var row = StoredRow(.series, found)
        else { return false }
        for (column, earlier) in [(5, true), (7, true), (8, false)] {
            guard let before = old.int(column) else { continue }
            let now = row.int(column) ?? before
            row.values[column] = (earlier ? min(before, now) : max(before, now)).databaseValue
        }
        try row.replace(in: db)
        return true
    }
}

extension Salvage.Progress {
    func store(in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO salvage (id, file, page, kept, lost, attempts) VALUES (1, ?, ?, ?, ?, ?)",
            arguments: [file, page, kept, lost, attempts])
    }

    /// nil when no salvage is under way.
    init?(_ db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT file, page, kept, lost, attempts FROM salvage WHERE id = 1")
        else { return nil }
        self.init(file: row[0], page: row[1], kept: row[2], lost: row[3], attempts: row[4])
    }

    static func remove(from db: Database) throws { try db.execute(sql: "DELETE FROM salvage") }
}
