/// `compatibility.snmp`: who may ask and who is told is somebody, and what needs a secret names it.
extension SiteCheck {
    mutating func checkSNMP(_ snmp: SNMPConfiguration) {
        let place: [PathPart] = [.key("compatibility"), .key("snmp")]
        checkManagers(snmp, at: place)
        if snmp.mayWrite { checkPace(of: site.relays.map(\.id), at: place + [.key("write")]) }
        if snmp.community == snmp.authentication || snmp.community == snmp.privacy, snmp.community != nil {
            note(
                .error, place + [.key("community")], "a community goes over the network as it is, and is no passphrase",
                "an entry of secrets.yaml of its own")
        }
        checkReceivers(snmp, at: place)
    }

    private mutating func checkReceivers(_ snmp: SNMPConfiguration, at place: [PathPart]) {
        for (index, receiver) in snmp.traps.enumerated() {
            let entry = path(place + [.key("traps"), .index(index)])
            if snmp.traps[..<index].contains(where: { $0.to == receiver.to && $0.port == receiver.port }) {
                note(.warning, entry, "\(receiver.to) is told of everything twice", "name each receiver once")
            }
            if receiver.version == .v2c, snmp.community == nil {
                note(.error, entry + [.key("version")], "v2c has no community here", "add 'community', or use v3")
            }
            if receiver.version == .v3, receiver.isInform, receiver.engine == nil {
                note(
                    .error, entry,
                    "an inform by v3 needs the receiver's engine ID: snmpd answers nobody while it asks a receiver that is away for it",
                    "engine: 0x80001f88… as the receiver tells it, or 'inform: false'")
            }
            if receiver.engine != nil, receiver.version != .v3 || !receiver.isInform {
                note(
                    .warning, entry + [.key("engine")], "only informs by v3 are addressed to an engine ID",
                    "leave it out")
            }
            if receiver.to.isUnspecified || receiver.to == site.network.unit?.address {
                note(.error, entry + [.key("to")], "\(receiver.to) is nobody who could be told", nil)
            }
        }
    }

    private mutating func checkManagers(_ snmp: SNMPConfiguration, at place: [PathPart]) {
        if snmp.allow.isEmpty {
            note(.error, place + [.key("allow")], "nobody may ask", "name who may: [192.168.1.20/32]")
        }
        // snmpd does not know routers: the firewall keeps this one out, and has to know it.
        if site.network.router == nil, !snmp.allow.allSatisfy(\.address.isLoopback) {
            note(
                .error, place + [.key("allow")],
                "without 'network.router' nothing keeps the router out, and whatever it forwards comes from there",
                "network: { router: { address: 192.168.1.1 } }")
        }
        if snmp.community != nil {
            return checkSingle(snmp.allow, of: "SNMPv2c", who: "could read everything", at: place)
        }
        for (index, network) in snmp.allow.enumerated() {
            let entry = path(place + [.key("allow"), .index(index)])
            let widest = network.address.isIPv4 ? 24 : 64
            if network.first.isUnspecified || network.prefixLength < widest {
                note(
                    .error, entry, "\(network) is too wide: /\(widest) is the widest network that may ask",
                    "name the managers one by one: 192.168.1.20/32")
            } else if let router = site.network.router, network.contains(router.address) {
                note(
                    .error, entry, "\(network) contains the router: whatever it forwards comes from there",
                    "name the managers one by one")
            } else if let router = site.network.router, network.hidesOther(than: router.address) {
                note(
                    .error, entry,
                    "\(network) may contain the router by an address that is not 'network.router': whatever it forwards comes from there",
                    "name the managers one by one")
            }
        }
    }
}

extension IPNetwork {
    /// Whether a machine that is known by one address may be in this network by one of the other family.
    fileprivate func hidesOther(than known: IPAddress) -> Bool {
        !isSingleAddress && !address.isLoopback && address.isIPv4 != known.isIPv4
    }
}
