import Store

/// Whether the files stay within what the site file gives them.
struct DatabaseSize: Check {
    let id = "database.size"
    let title = "the databases stay within their bounds"
    let needs: Set<Probe> = [.databases]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.databases) { databases in
            databases.compactMap { database in
                guard let limit = database.limit, limit > 0, database.look.state != .missing else { return nil }
                let name = database.look.kind.fileName
                let size = Double(database.look.size) / 1e6
                let said = "\(name) has \(size.shown) MB of \((Double(limit) / 1e6).shown) MB."
                // Freed pages are used again and the log has its own: a little more than the bound is no fault.
                guard size > Double(limit) / 1e6 * 1.2 + 8 else { return .ok(said, name) }
                return .warn(
                    said, name, cause: "What is old is not deleted, or more comes than is deleted.",
                    do: "look for failures to store", type: "journalctl -u picli -n 50 --no-pager",
                    after: [.init("board.writable"), .init("database.integrity", name)])
            }
        }
    }
}
