import Site

/// Whether packets to everywhere go to the router of the site file.
struct GatewayRoute: Check {
    let id = "network.gateway"
    let title = "the way out leads by the router"
    let needs: Set<Probe> = [.interface]

    func judge(_ facts: Facts) -> [Judgement] {
        guard facts.isInstalled else { return [.skipped("this unit is not a service of the machine")] }
        return with(facts.interface) { interface in
            guard let router = facts.site.value?.network.router?.address.description else {
                return [.skipped("the site file names no router")]
            }
            guard let gateway = interface.gateway else {
                return [
                    .warn(
                        "There is no way out of \(interface.name).",
                        cause: "No default route is set: this network ends at the router.",
                        do: "have the site file's route set", repair: interface.repair,
                        after: [.init("network.link"), .init("network.address")])
                ]
            }
            guard gateway == router else {
                return [
                    .fail(
                        "Packets go out by \(gateway), and the router of the site file is \(router).",
                        cause: "Another router has given the unit its settings, or the site file is wrong.",
                        do: "correct network.router in the site file, or remove the other router", type: "ip route",
                        after: [.init("network.address")])
                ]
            }
            return [.ok("Packets go out by the router \(router).")]
        }
    }
}
