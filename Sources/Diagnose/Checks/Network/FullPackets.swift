/// Whether packets of the interface's full size arrive.
struct FullPackets: Check {
    let id = "network.mtu"
    let title = "packets of full size arrive"
    let needs: Set<Probe> = [.interface, .neighbours]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.neighbours) { neighbours in
            guard let tried = neighbours.first(where: { $0.takesFullPackets != nil }) else {
                return [.skipped("nobody answers who could be asked")]
            }
            let size = facts.interface.value?.mtu.map { " of \($0) bytes" } ?? ""
            guard tried.takesFullPackets == false else { return [.ok("Packets\(size) reach \(tried.name).")] }
            return [
                .fail(
                    "Small packets reach \(tried.name), and those\(size) do not.",
                    cause: "Something between takes shorter packets only: connections begin, and then hang.",
                    do: "set the MTU of the unit to that of the router",
                    type: "ping -c 3 -M do -s 1372 \(tried.address)",
                    after: [
                        .init("network.conflict", "unit"), .init("network.conflict", tried.name),
                        .init("network.stations", tried.name),
                    ])
            ]
        }
    }
}
