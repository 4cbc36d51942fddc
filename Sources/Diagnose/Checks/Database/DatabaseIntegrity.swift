import Site
import Store

/// Whether the files of the unit hold what was written.
struct DatabaseIntegrity: Check {
    let id = "database.integrity"
    let title = "the databases are whole"
    let needs: Set<Probe> = [.databases]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.databases) { databases in
            databases.map { database in
                let name = database.look.kind.fileName
                switch database.look.state {
                case .damaged(let reason):
                    return .fail(
                        "\(name) is damaged: \(reason)", name,
                        cause: "The card has not kept what was written, or somebody has changed the file.",
                        do: "start the unit again: it sets the file aside and saves its rows",
                        repair: .init(["systemctl", "restart", "picli"]),
                        after: [.init("board.errors"), .init("board.space")])
                case .closed(let reason): return .skipped("\(name): \(reason)", name)
                case .missing: return .skipped("there is no \(name) yet", name)
                case .large: return .ok("\(name) is too large to be read through now; its head is whole.", name)
                case .whole: break
                }
                guard let last = database.look.setAside.last else { return .ok("\(name) is whole.", name) }
                return .warn(
                    "\(name) is whole, and took the place of \(database.look.setAside.count) that \(database.look.setAside.count == 1 ? "was" : "were") damaged.",
                    name, cause: "The newest of them is \(last).",
                    do: "when it happens again, replace the card; then the old file can be deleted",
                    type: "picli readings list", after: [.init("board.errors")])
            }
        }
    }
}
