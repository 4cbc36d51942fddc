/// `compatibility.snmp`: who may ask and who is told is somebody, and what needs a secret names it.
extension SiteCheck {
    mutating func checkSNMP(_ snmp: SNMPConfiguration) {
        let place: [PathPart] = [.key("compatibility"), .key("snmp")]
        if snmp.community != nil {
            checkClients(snmp.allow, of: "SNMPv2c", who: "could read everything", at: place)
        } else if snmp.allow.isEmpty {
            note(.error, place + [.key("allow")], "nobody may ask", "name who may: [192.168.1.20/32]")
        }
        if snmp.community == snmp.authentication || snmp.community == snmp.privacy, snmp.community != nil {
            note(
                .error, place + [.key("community")], "a community goes over the network as it is, and is no passphrase",
                "an entry of secrets.yaml of its own")
        }
        for (index, receiver) in snmp.traps.enumerated() {
            let entry = path(place + [.key("traps"), .index(index)])
            if receiver.version == .v2c, snmp.community == nil {
                note(.error, entry + [.key("version")], "v2c has no community here", "add 'community', or use v3")
            }
            if receiver.to.isUnspecified || receiver.to == site.network.unit?.address {
                note(.error, entry + [.key("to")], "\(receiver.to) is nobody who could be told", nil)
            }
        }
    }
}
