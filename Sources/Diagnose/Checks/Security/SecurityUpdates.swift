/// Updates that close holes.
struct SecurityUpdates: Check {
    let id = "security.updates"
    let title = "no update waits that closes a hole"
    let needs: Set<Probe> = [.updates]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.updates) { updates in
            if !updates.security.isEmpty {
                let names = updates.security.prefix(5).joined(separator: ", ")
                let more = updates.security.count > 5 ? ", …" : ""
                return [
                    .warn(
                        "\(updates.security.count) updates wait that close holes: \(names)\(more).",
                        cause: "They were not installed yet.", do: "install them when the site can be without the unit",
                        type: "apt-get -s upgrade")
                ]
            }
            guard updates.age <= 30 else {
                return [
                    .warn(
                        "The lists of packages are \(updates.age) days old.",
                        cause: "Whether updates wait is not known.", do: "fetch them when there is a connection",
                        type: "apt-get update")
                ]
            }
            return [.ok("No update waits that closes a hole.")]
        }
    }
}
