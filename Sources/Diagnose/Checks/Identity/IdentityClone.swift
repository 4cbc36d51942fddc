import Provision

/// Whether this is the board that the unit belongs to.
struct IdentityClone: Check {
    let id = "identity.clone"
    let title = "the card is in the board that it belongs to"
    let needs: Set<Probe> = [.identity]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.identity) { findings in
            guard let clone = findings.first(where: { $0.code == "identity.clone" }) else {
                return [.ok("The card is in the board that it belongs to.")]
            }
            return [
                .fail(
                    clone.message,
                    cause: "Two units of one name would mix their records: this one is not sent anywhere.",
                    do: "when this board is to be the unit, have it reclaimed",
                    type: "picli provision --reclaim --dry-run")
            ]
        }
    }
}
