import Site

/// Whether anybody of the site answers at all.
struct NeighbourReach: Check {
    let id = "network.reach"
    let title = "somebody on the site's network answers"
    let needs: Set<Probe> = [.neighbours, .relays]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.seenNeighbours) { neighbours in
            // Who has no power says nothing about the network.
            let neighbours = neighbours.filter { neighbour in
                facts.feeders(of: neighbour.name).allSatisfy { facts.relays.value?[$0.id]?.state != .off }
            }
            guard neighbours.count > 1 else { return [.skipped("no two neighbours have power here")] }
            let answering = neighbours.filter(\.isThere)
            guard answering.isEmpty else {
                return [.ok("\(answering.count) of \(neighbours.count) neighbours are there.")]
            }
            return [
                .fail(
                    "Neither \(neighbours.map(\.name).joined(separator: " nor ")) is there.",
                    cause:
                        "What all have in common is at fault: the switch between them, its power, or the unit's network.",
                    do: "check power and cables of the switch", type: "picli diagnose --watch --only network",
                    after: [.init("network.link"), .init("network.address"), .init("network.conflict", "unit")])
            ]
        }
    }
}
