import Foundation
import Testing

@Suite("picli config modbus")
struct ConfigModbusTests {
    private static let site = """
        site: { name: Trailer 42 }
        network: { router: { address: 192.168.1.1 } }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
        relays:
          - { id: router, name: Router, line: GPIO17, contact: nc, active: low, boot: on }
          - { id: strobe, name: Strobe, line: GPIO27 }
        inputs: [ { id: door, name: Door, line: GPIO23 } ]
        compatibility: { modbus: { profile: x410, allow: [192.168.1.20/32], supply: battery } }
        """

    @Test(
        "which address is what, as text of 80 columns and as JSON",
        arguments: [("config-modbus.txt", []), ("config-modbus.json", ["--json"])])
    func map(golden: String, arguments: [String]) async throws {
        let result = try await Binary.run(
            Binary.path, ["config", "modbus", "-"] + arguments, input: Data(Self.site.utf8))
        #expect(result.status == 0, "\(result)")
        #expect(try Golden.matches(result.output, golden))
        #expect(arguments == ["--json"] || result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("a site file without it says what to write")
    func off() async throws {
        let result = try await Binary.run("config", "modbus", "-", "--json", input: "site: { name: A }\n")
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.failure?["code"] as? String == "modbus.off")
    }
}
