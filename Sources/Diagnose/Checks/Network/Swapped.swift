/// Whether the device that answers at an address is the one that always did.
struct Swapped: Check {
    let id = "network.stations"
    let title = "router and cameras are the devices that they were"
    let needs: Set<Probe> = [.neighbours]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.seenNeighbours) { neighbours in
            let others = neighbours.compactMap { neighbour -> Judgement? in
                guard let station = neighbour.station, let known = neighbour.knownStation, station != known else {
                    return nil
                }
                if let owner = neighbours.first(where: { $0.name != neighbour.name && $0.knownStation == station }) {
                    return .fail(
                        "\(neighbour.address) belongs to \(neighbour.name), and \(owner.name) answers there (\(station)).",
                        neighbour.name, cause: "\(neighbour.name) and \(owner.name) have exchanged their addresses.",
                        do: "set \(neighbour.name) to \(neighbour.address) and \(owner.name) to \(owner.address)",
                        type: "ip neigh", after: [.init("network.conflict", neighbour.name)])
                }
                return .warn(
                    "Another device than before answers as \(neighbour.name) at \(neighbour.address): \(station), and it was \(known).",
                    neighbour.name, cause: "It was replaced, or something else has taken its address.",
                    do: "check that it is the right one; after a day it counts as the new one", type: "ip neigh",
                    after: [.init("network.conflict", neighbour.name)])
            }
            if !others.isEmpty { return others }
            guard neighbours.contains(where: { $0.knownStation != nil }) else {
                return [.skipped("the unit does not know its neighbours yet")]
            }
            return [.ok("Those that answer are the ones that always did.")]
        }
    }
}
