import Site

/// Whether two stations say that they have one address.
struct AddressConflict: Check {
    let id = "network.conflict"
    let title = "no address is used twice"
    let needs: Set<Probe> = [.doubles]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.doubles) { stations in
            let unit = facts.site.value?.network.unit?.address.description
            let names = Dictionary(
                (facts.site.value?.network.logSenders ?? []).map { ($0.address, $0.name) }
            ) { first, _ in first }
            let conflicts = stations.sorted { $0.key < $1.key }.compactMap { address, stations -> Judgement? in
                let isUnit = address == unit
                guard stations.count >= (isUnit ? 1 : 2) else { return nil }
                let who = isUnit ? "this unit" : names[address] ?? address
                return .fail(
                    isUnit
                        ? "Another device has the unit's address \(address): \(stations.joined(separator: ", "))."
                        : "\(stations.count) devices have the address \(address) of \(who): \(stations.joined(separator: ", ")).",
                    isUnit ? "unit" : names[address],
                    cause: "Packets reach now the one and now the other.",
                    do: "give the other device another address", type: "ip neigh")
            }
            return conflicts.isEmpty ? [.ok("Nobody else has an address of this site.")] : conflicts
        }
    }
}
