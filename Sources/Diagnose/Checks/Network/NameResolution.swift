/// Whether the names in the site file lead somewhere.
struct NameResolution: Check {
    let id = "network.names"
    let title = "the names of the site file are resolved"
    let needs: Set<Probe> = [.outside]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.outside) { hosts in
            let named = hosts.filter(\.hasName)
            guard !named.isEmpty else { return [.skipped("the site file names no host by its name")] }
            let lost = named.filter(\.addresses.isEmpty)
            guard !lost.isEmpty else { return [.ok("\(named.map(\.host).joined(separator: ", ")) can be resolved.")] }
            return [
                .fail(
                    "\(lost.map(\.host).joined(separator: ", ")) cannot be resolved.",
                    cause: "No name server answers, or it does not know the name.",
                    do: "check the name server that the router gives", type: "cat /etc/resolv.conf",
                    after: [.init("router.reach"), .init("network.gateway"), .init("network.link")])
            ]
        }
    }
}
