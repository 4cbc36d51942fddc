/// Whether the router answers.
struct RouterReach: Check {
    let id = "router.reach"
    let title = "the router answers"
    let needs: Set<Probe> = [.neighbours, .relays]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.seenNeighbours) { neighbours in
            guard let router = neighbours.first(where: { $0.name == "router" }) else {
                return [.skipped("the site file names no router")]
            }
            return [Neighbour.judge(router, "The router", "router", facts)]
        }
    }
}

/// What router and cameras have in common.
enum Neighbour {
    static func judge(_ neighbour: NeighbourFacts, _ name: String, _ subject: String?, _ facts: Facts) -> Judgement {
        let address = neighbour.address
        guard neighbour.received == 0 else {
            let time = neighbour.latency.map { " in \($0.shown) ms" } ?? ""
            return .ok("\(name) answers at \(address)\(time).", subject)
        }
        if facts.isOffOnPurpose(neighbour.name) {
            return .skipped("it has no power now, as the site file wants it", subject)
        }
        let network: [Judgement.Deeper] = [
            .init("network.link"), .init("network.address"), .init("network.conflict", "unit"),
            .init("network.conflict", neighbour.name), .init("network.stations", neighbour.name),
            .init("network.reach"),
        ]
        let deeper = facts.power(of: neighbour.name) + network
        if let station = neighbour.station {
            return .fail(
                "\(name) is on the network (\(station)) and answers no ping at \(address).", subject,
                cause: "It hangs, is still starting, or refuses pings.", do: "switch it off and on",
                type: "ping -c 3 \(address)", after: deeper)
        }
        return .fail(
            "\(name) does not answer at \(address).", subject, cause: "Nobody on the network has this address.",
            do: "check its power, its cable and its address", type: "ping -c 3 \(address)", after: deeper)
    }
}
