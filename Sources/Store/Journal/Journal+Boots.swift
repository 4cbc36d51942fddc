import GRDB

extension Journal {
    /// The persistent number of the boot that the kernel calls `kernel` (`/proc/sys/kernel/random/boot_id`): 1 for
    /// the first, never used twice.
    ///
    /// `known` is the highest number seen elsewhere, for a journal that was lost.
    ///
    /// Where the journal cannot be written the number is the next one, and is stored with the first event that can be.
    func boot(_ kernel: String, known: Int) async -> Int {
        let find: @Sendable (Database) throws -> (found: Int?, highest: Int) = { db in
            let sql = "SELECT \(Table.boot.list) FROM boot ORDER BY counter"
            let rows = try Row.fetchAll(db, sql: sql).compactMap { StoredRow(.boot, $0) }
            let found = rows.last { $0.text(0) == kernel }.map { Int($0.id) }
            let highest = rows.compactMap { $0.int(1) }.max() ?? 0
            // A salvaged journal may lack the row of a boot that events still speak of.
            let newest = "SELECT \(Table.event.list) FROM event ORDER BY sequence DESC LIMIT 200"
            let events = try Row.fetchAll(db, sql: newest).compactMap { StoredRow(.event, $0)?.int(1) }.max() ?? 0
            return (found, Int(max(highest, events)))
        }
        if let writable {
            let number = try? await writable.write { db in
                let (found, highest) = try find(db)
                if let found { return found }
                let number = max(highest, known) + 1
                try StoredRow(.boot, id: Int64(number), [kernel, number]).replace(in: db)
                return number
            }
            if let number { return number }
        }
        let seen = try? await connection?.read(find)
        let number = seen?.found ?? max(seen?.highest ?? 0, known) + 1
        if seen?.found == nil { unsavedBoot = StoredRow(.boot, id: Int64(number), [kernel, number]) }
        return number
    }
}
