import Site

/// The unit's own address.
struct UnitAddress: Check {
    let id = "network.address"
    let title = "the unit has its address"
    let needs: Set<Probe> = [.interface]

    func judge(_ facts: Facts) -> [Judgement] {
        guard facts.isInstalled else { return [.skipped("this unit is not a service of the machine")] }
        return with(facts.interface) { interface in
            let wanted = facts.site.value?.network.unit?.address.description
            if let wanted {
                guard !interface.addresses.contains(wanted) else { return [.ok("The unit has \(wanted).")] }
                let has = interface.addresses.isEmpty ? "none" : interface.addresses.joined(separator: ", ")
                return [
                    .fail(
                        "The unit does not have its address \(wanted).", cause: "It has \(has).",
                        do: "have the site file's address set", repair: interface.repair,
                        after: [.init("network.link")])
                ]
            }
            guard interface.addresses.isEmpty else {
                return [.ok("The unit has \(interface.addresses.joined(separator: ", ")).")]
            }
            return [
                .fail(
                    "The unit has no address.", cause: "The site file leaves it to the router, and that gave none.",
                    do: "check the DHCP server of the router", type: "networkctl status \(interface.name) --no-pager",
                    after: [.init("network.link")])
            ]
        }
    }
}
