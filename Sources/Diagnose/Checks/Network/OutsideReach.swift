/// Whether the hosts beyond the router answer.
struct OutsideReach: Check {
    let id = "network.outside"
    let title = "the site is connected to the world outside"
    let needs: Set<Probe> = [.outside]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.outside) { hosts in
            let known = hosts.filter { !$0.addresses.isEmpty }
            guard !known.isEmpty else { return [.skipped("no host outside has an address here")] }
            if let first = known.first(where: { $0.received > 0 }) {
                return [.ok("\(first.host) answers in \(first.latency?.shown ?? "some") ms.")]
            }
            return [
                .fail(
                    "\(known.map(\.host).joined(separator: ", ")) cannot be reached.",
                    cause: "The router has no connection, or lets nothing through.",
                    do: "look at the signal and the card of the router's modem",
                    type: "ping -c 3 \(known[0].addresses[0])",
                    after: [
                        .init("router.reach"), .init("network.gateway"), .init("network.link"),
                        .init("network.address"), .init("network.conflict", "unit"),
                        .init("network.conflict", "router"), .init("network.stations", "router"),
                    ])
            ]
        }
    }
}
