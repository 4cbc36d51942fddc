import Site

/// What listens, against what should.
struct OpenPorts: Check {
    let id = "security.ports"
    let title = "nothing listens that should not"
    let needs: Set<Probe> = [.sockets]

    func judge(_ facts: Facts) -> [Judgement] {
        guard facts.isInstalled else { return [.skipped("this unit is not a service of the machine")] }
        return with(facts.sockets) { ports in
            guard let site = facts.site.value else { return [.skipped("the site file cannot be used")] }
            let allowed = Self.allowed(site)
            let others = ports.filter { !allowed.contains($0.name) && !Self.isClient($0) }
            guard !others.isEmpty else { return [.ok("Nothing listens that should not.")] }
            let names = Set(others.map(\.name)).sorted()
            return [
                .warn(
                    "Something listens that the site file does not name: \(names.joined(separator: ", ")).",
                    cause: "A program was installed or started beside picli. The firewall still keeps it from others.",
                    do: "see which program it is, and remove it", type: "ss -tulpn")
            ]
        }
    }

    /// Names as of `OpenPort.name`.
    private static func allowed(_ site: SiteFile) -> Set<String> {
        var names: Set<String> = ["22/tcp", "80/tcp", "443/tcp", "68/udp", "546/udp", "123/udp", "323/udp", "5353/udp"]
        for address in site.web.listen + site.web.lan { names.insert("\(address.port)/tcp") }
        if !site.network.logSenders.isEmpty { names.formUnion(["514/udp", "514/tcp"]) }
        if site.storage != nil { names.insert("445/tcp") }
        if let box = site.compatibility.controlByWeb { names.insert("\(box.port)/tcp") }
        if let modbus = site.compatibility.modbus { names.insert("\(modbus.port)/tcp") }
        if let snmp = site.compatibility.snmp { names.insert("\(snmp.port)/udp") }
        return names
    }

    /// A UDP socket at a port that the kernel has chosen: somebody who asks, and listens for the answer.
    private static func isClient(_ port: OpenPort) -> Bool { !port.isTCP && port.port >= 32_768 }
}
