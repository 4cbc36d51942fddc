import Site

/// Whether the ports of `compatibility` are open to the clients of other products.
struct ClientPorts: Check {
    let id = "services.clients"
    let title = "clients of other products find their ports open"
    let needs: Set<Probe> = [.sockets, .services]

    /// One way in that the site file asks for.
    private struct Way {
        /// As the site file calls it.
        let name: String
        /// For sentences: `Modbus/TCP`.
        let language: String
        let port: Int
        var isTCP = true
        /// The unit of systemd that opens it; nil where `picli serve` does.
        let opener: String?
        /// Only programs of this machine come in, so that it is not among the ports that are seen.
        let isInside: Bool
    }

    func judge(_ facts: Facts) -> [Judgement] {
        if facts.isSimulated { return [.skipped("the network is simulated")] }
        guard facts.isInstalled else { return [.skipped("this unit is not a service of the machine")] }
        let ways = facts.site.value.map { Self.ways($0.compatibility) } ?? []
        guard !ways.isEmpty else { return [.skipped("the site file names no clients of other products")] }
        return with(facts.sockets) { ports in
            ways.map { way in
                judge(way, isOpen: ports.contains { $0.isTCP == way.isTCP && $0.port == way.port }, facts)
            }
        }
    }

    private static func ways(_ compatibility: CompatibilityConfiguration) -> [Way] {
        var ways: [Way] = []
        if let box = compatibility.controlByWeb {
            ways.append(
                Way(
                    name: "controlbyweb", language: "ControlByWeb's dialect", port: box.port, opener: nil,
                    isInside: box.allow.allSatisfy(\.address.isLoopback)))
        }
        if let modbus = compatibility.modbus {
            let isActivated = modbus.isOpenedBySystemd
            ways.append(
                Way(
                    name: "modbus", language: "Modbus/TCP", port: modbus.port,
                    opener: isActivated ? "picli-modbus.socket" : nil,
                    isInside: !isActivated && modbus.allow.allSatisfy(\.address.isLoopback)))
        }
        if let snmp = compatibility.snmp {
            ways.append(
                Way(
                    name: "snmp", language: "SNMP", port: snmp.port, isTCP: false, opener: "picli-snmp.service",
                    isInside: snmp.allow.allSatisfy(\.address.isLoopback)))
        }
        return ways
    }

    private func judge(_ way: Way, isOpen: Bool, _ facts: Facts) -> Judgement {
        guard !way.isInside else { return .skipped("only programs of this machine may come in", way.name) }
        var deeper: [Judgement.Deeper] = [
            .init("site.file"), .init("services.units", "picli.service"),
            .init("services.units", "picli-host.service"), .init("services.answer"),
        ]
        if let opener = way.opener { deeper.append(.init("services.units", opener)) }
        if !way.isTCP { deeper.append(.init("services.snmp")) }
        guard isOpen else {
            return .fail(
                "Clients of \(way.language) find port \(way.port) closed.", way.name,
                cause: "The site file was changed since the unit was started, or the port was taken then.",
                do: "have the site file read anew",
                // Both: the port of Modbus is opened while the host has a file for it, and only before the unit runs.
                repair: .init(["systemctl", "restart", "picli-host", "picli"]), after: deeper)
        }
        if let opener = way.opener.flatMap({ facts.services.value?[$0] }), opener.state != "active" {
            return .fail(
                "Another program listens at port \(way.port), where clients of \(way.language) come in.", way.name,
                cause: "\(opener.name) is \(opener.state), so nobody of the unit answers there.",
                do: "see which program it is, end it, and restart \(way.isTCP ? "picli" : "picli-snmp")",
                type: way.isTCP ? "ss -tlpn" : "ss -ulpn", after: deeper)
        }
        return .ok("Clients of \(way.language) find port \(way.port) open.", way.name)
    }
}
