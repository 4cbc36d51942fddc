import Relays

/// Whether the card takes what is noted before a relay is switched.
struct RelayCard: Check {
    let id = "relays.card"
    let title = "the card takes the notes of the relays"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, _ in
            guard let problem = relays.overview?.cardProblem else {
                return [.ok("The card takes the notes of the relays.")]
            }
            return [
                .fail(
                    "The card takes no notes of the relays: \(problem).",
                    cause: "What somebody asks for is noted before it is done: until then it is refused.",
                    do: "see to the file system of /var/lib/picli-relays",
                    type: "ls -ld /var/lib/picli-relays /var/lib/picli-relays/intents",
                    after: [.init("board.errors"), .init("board.writable"), .init("board.space")])
            ]
        }
    }
}
