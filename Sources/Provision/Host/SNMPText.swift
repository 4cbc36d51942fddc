import Crypto
import Site

/// The text for snmpd (snmpd.conf(5)) of one site: who may ask, what they see, who is told.
///
/// It holds the passphrases, because snmpd has no other way to be told them: its file is in memory, and its user's alone.
struct SNMPText {
    /// Where snmpd and the unit meet.
    static let socket = SNMPConfiguration.agentSocket
    static let directory = SNMPConfiguration.agentDirectory
    /// Who snmpd runs as; the unit's user is of its group.
    static let user = "picli-snmp"

    /// The whole file.
    let text: String

    /// picliMIB, and the column picliRelayState in it.
    private static let module = ".1.3.6.1.4.1.8072.9999.9999.7425"
    private static let states = "\(module).1.2.1.4"

    /// - Throws: `SNMPTextError`: a secret is missing, or is none for snmpd.
    init(_ snmp: SNMPConfiguration, of site: SiteFile, unit: String, secrets: Secrets) throws(SNMPTextError) {
        let signing = try Self.passphrase(snmp.authentication, secrets)
        let encrypting = try Self.passphrase(snmp.privacy, secrets)
        let community = try snmp.community.map { name throws(SNMPTextError) in try Self.community(name, secrets) }
        let engine = Self.engine(of: unit)
        var lines = [
            "# The number by which managers know this agent.", "exactEngineID \(engine)", "",
            "# Of the machine managers see name and place, nothing else.",
            "agentaddress \(Self.addresses(snmp))",
            "sysDescr picli", "sysName \(unit)", "sysLocation \(Self.plain(site.site.name))", "sysContact -",
            "# Not a line in the journal for each packet.", "dontLogTCPWrappersConnects yes",
            "", "# The unit, by AgentX.", "master agentx", "agentXSocket \(Self.socket)", "agentXPerms 0660 0770",
            "agentXTimeout 5", "agentXRetries 0",
            "", "view picli included .1.3.6.1.2.1.1", "# Its number.",
            "view picli included .1.3.6.1.6.3.10.2.1", "view picli included \(Self.module)",
            "view picliWrite included \(Self.states)",
            "", "createUser \(snmp.user) SHA-256 \"\(signing)\" AES \"\(encrypting)\"",
            "group picliV3 usm \(snmp.user)",
            "access picliV3 \"\" usm priv exact picli \(snmp.mayWrite ? "picliWrite" : "none") picli",
        ]
        if let community {
            lines += ["", "# In the clear, for reading."]
            for client in snmp.allow {
                let kind = client.address.isIPv4 ? "com2sec" : "com2sec6"
                lines.append("\(kind) picliReader \(client.address) \(community)")
            }
            lines += ["group picliV2 v2c picliReader", "access picliV2 \"\" v2c noauth exact picli none none"]
        }
        if !snmp.traps.isEmpty { lines += ["", "# Who is told."] }
        for receiver in snmp.traps {
            let address =
                receiver.to.isIPv4 ? "udp:\(receiver.to):\(receiver.port)" : "udp6:[\(receiver.to)]:\(receiver.port)"
            let kind = receiver.isInform ? "trapsess -Ci" : "trapsess"
            switch receiver.version {
            case .v3:
                // Traps have this agent's number, informs that of the receiver.
                let number = receiver.isInform ? receiver.engine : engine
                let known = number.map { "\(kind) -e \($0)" } ?? kind
                lines.append(
                    "\(known) -v 3 -u \(snmp.user) -l authPriv -a SHA-256 -A \"\(signing)\" -x AES -X \"\(encrypting)\" \(address)"
                )
            case .v2c: lines.append("\(kind) -v 2c -c \(community ?? "") \(address)")
            }
        }
        text = HostText.heading + lines.map { "\($0)\n" }.joined()
    }

    /// An engine ID (RFC 3411, 5) as net-snmp makes one of a text: its enterprise's number, format 4, and at most 27 bytes.
    ///
    /// From the unit's own ID, so that receivers of traps can be told it beforehand, and a replaced card does not change it.
    static func engine(of unit: String) -> String {
        let name = unit.utf8.count <= 27 ? unit : SHA256.hash(data: Array(unit.utf8)).prefix(13).hexadecimal
        return "0x80001f8804" + Array(name.utf8).hexadecimal
    }

    /// Loopback alone where every client is on this machine; only families that clients have: a kernel without IPv6 has no
    /// such address.
    private static func addresses(_ snmp: SNMPConfiguration) -> String {
        let isLocal = snmp.allow.allSatisfy(\.address.isLoopback)
        let families = [
            (snmp.allow.contains(where: \.address.isIPv4), "udp:", "127.0.0.1:"),
            (!snmp.allow.allSatisfy(\.address.isIPv4), "udp6:", "[::1]:"),
        ]
        return families.filter(\.0).map { "\($0.1)\(isLocal ? $0.2 : "")\(snmp.port)" }.joined(separator: ",")
    }

    /// RFC 3414, 11.2: at least eight characters; and none that would end the text or the line.
    private static func passphrase(_ name: String, _ secrets: Secrets) throws(SNMPTextError) -> String {
        try secret(name, secrets, least: 8, "8 to 128 letters, digits and signs but for \" \\ #") {
            !["\"", "\\", "#"].contains($0)
        }
    }

    private static func community(_ name: String, _ secrets: Secrets) throws(SNMPTextError) -> String {
        try secret(name, secrets, least: 4, "4 to 128 letters, digits, - or _") {
            Character($0).isLetter || Character($0).isNumber || $0 == "-" || $0 == "_"
        }
    }

    private static func secret(
        _ name: String, _ secrets: Secrets, least: Int, _ form: String, _ isGood: (Unicode.Scalar) -> Bool
    ) throws(SNMPTextError) -> String {
        guard let text = secrets[name] else { throw SNMPTextError("secrets.yaml has no entry '\(name)'") }
        let letters = text.unicodeScalars
        guard (least...128).contains(letters.count),
            letters.allSatisfy({ (0x21...0x7E).contains($0.value) && isGood($0) })
        else { throw SNMPTextError("'\(name)' of secrets.yaml is none for SNMP: it needs \(form)") }
        return text
    }

    /// One line, for a value that reaches to the end of its line.
    private static func plain(_ text: String) -> String {
        let letters = text.unicodeScalars.map { scalar -> Character in
            (0x20...0x7E).contains(scalar.value) && scalar != "#" && scalar != "\"" && scalar != "\\"
                ? Character(scalar) : "_"
        }
        return String(letters)
    }
}

/// Why snmpd cannot be told what the site file asks for, in words that hold no secret.
struct SNMPTextError: Error, Hashable, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
