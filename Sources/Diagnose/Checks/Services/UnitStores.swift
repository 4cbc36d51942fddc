import Site

/// Whether the unit stores readings now.
struct UnitStores: Check {
    let id = "services.readings"
    let title = "readings are stored now"
    let needs: Set<Probe> = [.unit]

    /// Milliseconds.
    private static let most: Int64 = 180_000

    func judge(_ facts: Facts) -> [Judgement] {
        guard case .running = facts.standing else { return [.skipped("no unit answers")] }
        return withStored(facts.unit) { unit in
            let deeper: [Judgement.Deeper] = [
                .init("board.writable"), .init("board.space"), .init("board.errors"), .init("database.integrity"),
                .init("services.answer"), .init("clock.set"),
            ]
            guard let age = unit.newestAge else {
                return [
                    .fail(
                        "The unit has no reading yet.", cause: "It has just started, or cannot store.",
                        do: "read what it says", type: "journalctl -u picli -n 30 --no-pager", after: deeper)
                ]
            }
            guard age > Self.most else { return [.ok("The newest reading is \(age.shownTime) old.")] }
            return [
                .fail(
                    "The newest reading is \(age.shownTime) old.", cause: "The unit runs and records nothing.",
                    do: "start it again", repair: .init(["systemctl", "restart", "picli"]), after: deeper)
            ]
        }
    }
}
