import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("What a machine is told of Modbus")
struct ModbusPortTests {
    private func site(_ modbus: String) throws -> SiteFile {
        try HostFixtures.site(
            """
            site: { name: A }
            network: { unit: 192.168.1.10/24, router: { address: 192.168.1.1 } }
            relays: [ { id: strobe, name: Strobe, line: GPIO27 } ]
            compatibility: { \(modbus) }
            """)
    }

    @Test("systemd opens port 502 while the site file asks for it, and no longer")
    func port() throws {
        let clients = "profile: x410, allow: [192.168.1.20/32]"
        for (text, isOpen) in [
            ("modbus: { \(clients) }", true), ("modbus: { \(clients), port: 1502 }", false), ("", false),
        ] {
            let plan = try HostPlan(site: site(text), facts: HostFacts(picliGroup: 1)).plan
            let file = HostFixtures.file("/run/picli/modbus", in: plan)
            #expect((file?.contains("port 502") ?? false) == isOpen, "\(text)")
            let step = try #require(plan.steps.first { $0.path == "/run/picli/modbus" })
            if !isOpen { #expect(step.action == .absent(path: "/run/picli/modbus")) }
        }
    }

    @Test("its clients are let in at its port, and nobody else")
    func firewall() throws {
        let text = FirewallText(
            try site("modbus: { profile: x410, allow: [192.168.1.20/32, 192.168.1.21/32], port: 1502 }")
        ).text
        #expect(text.contains("ip saddr { 192.168.1.20, 192.168.1.21 } tcp dport 1502 accept"))
        #expect(!FirewallText(try site("")).text.contains("1502"))
    }

    @Test("the installer's sheet says which address is what, and that there is no password")
    func sheet() throws {
        let site = try site("modbus: { profile: webrelay-quad, allow: [192.168.1.20/32] }")
        let sheet = InstallerSheet(site: site, label: try LabelFixtures.content(site: "A"))
        let section = try #require(sheet.sections.first { $0.title == "Modbus clients" })
        let rows = section.blocks.compactMap { if case .table(let table) = $0 { table.rows } else { nil } }.joined()
        #expect(Array(rows) == [["0", "coil", "Strobe"], ["16", "pulse", "Strobe"]])
        #expect(sheet.text.contains("192.168.1.10:502") && sheet.text.contains("none: whoever"))
    }
}
