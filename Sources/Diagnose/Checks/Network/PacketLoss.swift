/// Lost and slow packets on the site's own network.
struct PacketLoss: Check {
    let id = "network.loss"
    let title = "no packets are lost on the way to router and cameras"
    let needs: Set<Probe> = [.neighbours]

    /// Milliseconds; a cable takes less than one.
    private static let slow = 50.0

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.neighbours) { neighbours in
            let answering = neighbours.filter { $0.received > 0 }
            guard !answering.isEmpty else { return [.skipped("nobody answers")] }
            return answering.map { neighbour in
                let lost = neighbour.sent - neighbour.received
                let said = "\(lost) of \(neighbour.sent) packets to \(neighbour.name) were lost"
                let deeper: [Judgement.Deeper] = [
                    .init("network.conflict", "unit"), .init("network.conflict", neighbour.name),
                    .init("network.stations", neighbour.name),
                ]
                if lost > 0 {
                    return .warn(
                        said + ".", neighbour.name,
                        cause: "A plug is loose, a cable is damaged, or a radio link is weak.",
                        do: "replace the cable to \(neighbour.name)", type: "ping -c 20 -i 0.2 \(neighbour.address)",
                        after: deeper)
                }
                if let latency = neighbour.latency, latency > Self.slow {
                    return .warn(
                        "\(neighbour.name) answers after \(latency.shown) ms.", neighbour.name,
                        cause: "It is very busy, or the way to it is a weak radio link.",
                        do: "look at its load", type: "ping -c 20 -i 0.2 \(neighbour.address)", after: deeper)
                }
                return .ok(
                    said + ", and the answer took \(neighbour.latency?.shown ?? "an unknown number of") ms.",
                    neighbour.name)
            }
        }
    }
}
