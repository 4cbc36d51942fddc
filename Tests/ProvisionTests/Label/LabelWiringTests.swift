import Site
import Testing

@testable import Provision

@Suite("The relay wiring of the installer's sheet")
struct LabelWiringTests {
    private func row(_ relay: String) throws -> [String] {
        let result = SiteFile.parse("site: { name: A }\nrelays:\n  - { id: r, \(relay) }\n")
        let site = try #require(result.value, "\(result.errors.map(\.description))")
        let blocks = try #require(InstallerSheet.relays(site)).blocks
        for case .table(let table) in blocks { return Array(table.rows[0].dropFirst(2)) }
        return []
    }

    @Test(
        "what a relay does before, with and without the unit follows from line, contact and level",
        arguments: [
            // GPIO5 rests high: active low stays at rest.
            ("line: GPIO5, contact: nc, active: low, boot: on", ["low (0 V)", "COM and NC", "on", "on", "stays on"]),
            (
                "line: GPIO5, contact: no, active: low, boot: off",
                ["low (0 V)", "COM and NO", "off", "off", "goes off"]
            ),
            (
                "line: GPIO5, contact: no, active: high, boot: on",
                ["high (3.3 V)", "COM and NO", "on", "on", "goes off"]
            ),
            (
                "line: GPIO5, contact: nc, active: high, boot: on",
                ["high (3.3 V)", "COM and NC", "off", "on", "stays on"]
            ),
            // GPIO17 rests low.
            ("line: GPIO17, contact: nc, active: low, boot: on", ["low (0 V)", "COM and NC", "off", "on", "stays on"]),
            (
                "line: GPIO17, contact: no, active: high, boot: last",
                ["high (3.3 V)", "COM and NO", "off", "as it was before", "goes off"]
            ),
            (
                "expander: { bus: 1, address: 0x20, pin: GPB3 }, contact: no, boot: off",
                ["high (3.3 V)", "COM and NO", "as the relay board rests", "off", "goes off"]
            ),
        ])
    func behaviour(relay: String, expected: [String]) throws {
        #expect(Array(try row(relay)[1...5]) == expected)
    }

    @Test("the line is told with its pin, on the header and on the expander")
    func place() throws {
        #expect(try row("line: GPIO27, boot: off")[0] == "GPIO27, header pin 13")
        let first = try row("expander: { bus: 1, address: 0x20, pin: GPA0 }, boot: off")[0]
        #expect(first == "GPA0 (chip pin 21), MCP23017 at 0x20")
        let last = try row("expander: { bus: 3, address: 0x27, pin: GPB7 }, boot: off")[0]
        #expect(last == "GPB7 (chip pin 8), MCP23017 at 0x27 of bus 3")
    }

    @Test("what a crash of the program does to the load is told")
    func crash() throws {
        #expect(try row("line: GPIO27, boot: off")[6] == "stays as it is")
        #expect(try row("line: GPIO27, boot: off, on_crash: off")[6] == "goes off")
    }
}
