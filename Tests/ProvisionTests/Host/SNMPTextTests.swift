import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("What snmpd is told")
struct SNMPTextTests {
    private static let secrets = Secrets([
        "nms-auth": "correct-horse", "nms-privacy": "battery-staple", "nms-reader": "trailer42", "short": "1234567",
        "quoted": "says\"so\"!", "spaced": "two words", "lines": "one\ntwo-three",
    ])

    private func site(_ snmp: String) throws -> SiteFile {
        try HostFixtures.site(
            """
            site: { name: "Trailer 42 \\"#1\\"" }
            network: { unit: 192.168.1.10/24, router: { address: 192.168.1.1 } }
            compatibility: { snmp: { \(snmp) } }
            """)
    }

    private func text(_ snmp: String) throws -> String {
        let site = try site(snmp)
        return try SNMPText(
            try #require(site.compatibility.snmp), of: site, unit: "pi-7k3m92qf", secrets: Self.secrets
        ).text
    }

    @Test("v3 alone is what is left when nothing else is asked for: signed, encrypted, reading")
    func plain() throws {
        let text = try text("allow: [192.168.1.20/32, 192.168.1.32/28], auth: nms-auth, privacy: nms-privacy")
        #expect(try HostFixtures.matches(text, "snmpd-v3.conf"))
        #expect(!text.contains("com2sec") && !text.contains("v2c") && !text.contains("trapsess"))
        #expect(text.contains("exact picli none picli"))
    }

    @Test(
        "whoever is on this machine is heard by loopback, of the family that is used",
        arguments: [
            ("127.0.0.1/32", "udp:127.0.0.1:161"), ("\"::1/128\"", "udp6:[::1]:161"),
            ("127.0.0.1/32, \"::1/128\"", "udp:127.0.0.1:161,udp6:[::1]:161"), ("\"fd00:1::20/128\"", "udp6:161"),
            ("127.0.0.1/32, \"fd00:1::20/128\"", "udp:161,udp6:161"),
        ])
    func addresses(allow: String, heard: String) throws {
        let text = try text("allow: [\(allow)], auth: nms-auth, privacy: nms-privacy")
        #expect(text.contains("\nagentaddress \(heard)\n"))
    }

    @Test("the agent's number is the unit's, and has room for any unit's", arguments: [11, 27, 28, 64])
    func engine(length: Int) throws {
        let units = ["a", "b"].map { String(repeating: "x", count: length - 1) + $0 }
        let engines = units.map { SNMPText.engine(of: $0) }
        #expect(engines[0] != engines[1] && engines[0] == SNMPText.engine(of: units[0]))
        // "0x", and at most 32 bytes (RFC 3411, 5).
        #expect(engines.allSatisfy { $0.hasPrefix("0x80001f8804") && $0.utf8.count <= 66 })
        #expect(SNMPText.engine(of: "pi-7k3m92qf") == "0x80001f880470692d376b336d39327166")
    }

    @Test("v2c for named clients, writing by v3, and receivers of both")
    func everything() throws {
        let text = try text(
            """
            allow: [192.168.1.20/32, "fd00:1::20/128"], user: nms, auth: nms-auth, privacy: nms-privacy, community: nms-reader,
              write: true, traps: [{ to: 192.168.1.20 }, { to: 192.168.1.21, port: 1162, version: v2c, inform: true }, { to: 192.168.1.22, inform: true, engine: 0x80001f8804666c6f6f72 }, { to: 192.168.1.23, inform: true }]
            """)
        #expect(try HostFixtures.matches(text, "snmpd-everything.conf"))
    }

    @Test(
        "a secret that is missing, or that would be something else to snmpd, is told without being said",
        arguments: [
            ("missing", "secrets.yaml has no entry 'missing'"), ("short", "'short'"), ("quoted", "'quoted'"),
            ("spaced", "'spaced'"), ("lines", "'lines'"),
        ])
    func badSecrets(name: String, reason: String) throws {
        let site = try site("allow: [192.168.1.20/32], auth: nms-auth, privacy: \(name)")
        let facts = HostFacts(picliGroup: 1)
        let host = try HostPlan(site: site, facts: facts, secrets: HostSecrets(named: Self.secrets))
        let note = try #require(host.notes.first { $0.contains("SNMP") })
        #expect(note.contains(reason))
        if let secret = Self.secrets[name] { #expect(!note.contains(secret)) }
        #expect(HostFixtures.file("/run/picli-snmp/snmpd.conf", in: host.plan) == nil)
        #expect(host.plan.steps.contains { $0.action == .absent(path: "/run/picli-snmp/snmpd.conf") })
    }

    @Test("its file is snmpd's alone, and its content is never shown")
    func file() throws {
        let site = try site("allow: [192.168.1.20/32], auth: nms-auth, privacy: nms-privacy")
        let host = try HostPlan(site: site, facts: HostFacts(picliGroup: 1), secrets: HostSecrets(named: Self.secrets))
        let preview = try PlanPreview(of: host.plan, on: MemoryState()).text
        #expect(preview.contains("/run/picli-snmp/snmpd.conf, mode 0640, owner root:picli-snmp"))
        #expect(!preview.contains("correct-horse") && !preview.contains("battery-staple"))
        #expect(FirewallText(site).text.contains("ip saddr 192.168.1.20 udp dport 161 accept"))
        #expect("\(Self.secrets)" == "7 secrets" && !String(reflecting: Self.secrets).contains("horse"))
    }

    @Test("a plan says which snmpd it stops, and which it starts")
    func steps() throws {
        func summary(_ id: String, _ plan: Plan) -> String? { plan.steps.first { $0.id == id }?.summary }
        let site = try site("allow: [192.168.1.20/32], auth: nms-auth, privacy: nms-privacy")
        let facts = HostFacts(picliGroup: 1)
        let on = try HostPlan(site: site, facts: facts, secrets: Self.secrets).plan
        #expect(summary("snmp.other", on) == "Stop Debian's own snmpd, if it runs.")
        #expect(summary("snmp.start", on) == "Start snmpd, or have it read that.")
        let off = try HostPlan(site: HostFixtures.trailer(), facts: facts).plan
        #expect(summary("snmp.stop", off) == "Stop snmpd, if it runs.")
    }

    @Test("without snmpd nobody is told to start it")
    func absent() throws {
        let site = try site("allow: [192.168.1.20/32], auth: nms-auth, privacy: nms-privacy")
        let host = try HostPlan(
            site: site, facts: HostFacts(hasSNMP: false, picliGroup: 1),
            secrets: HostSecrets(named: Self.secrets))
        #expect(host.notes.contains { $0.contains("apt-get install snmpd") })
        #expect(!host.plan.steps.contains { $0.id.hasPrefix("snmp.") })
    }
}
