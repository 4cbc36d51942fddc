import Foundation
import Site
import Testing

/// A running unit, asked by a Modbus library of others.
@Suite("Modbus by pymodbus", .serialized)
struct ModbusTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    /// `make modbus-client` puts it there.
    private static let python = here.appending(path: "../../.build/modbus-client/bin/python3").standardized
    private static let isThere =
        FileManager.default.isExecutableFile(atPath: python.path) || ProcessInfo.processInfo.environment["CI"] != nil

    private func site(_ port: Int, _ section: String) -> String {
        """
        site: { name: Trailer 42 }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
          - { id: outside, chip: ds18b20, address: 28-0000075ff6b2, enabled: false }
        relays:
          - { id: router, name: Router, line: GPIO5, contact: nc, active: low, boot: on }
          - { id: strobe, name: Strobe, line: GPIO27 }
          - { id: fan, line: GPIO22 }
        inputs: [ { id: flow, line: GPIO24 } ]
        compatibility: { modbus: { allow: [127.0.0.1/32], port: \(port), \(section) } }
        """
    }

    /// What the client of the fixtures saw.
    private struct Seen: Decodable {
        let coils: [Bool]
        let coilsAfter: [Bool]
        let coilsAtEnd: [Bool]
        let inputs: [Bool]
        /// nil for what is not a number.
        let numbers: [Double?]
        /// That it began, and that it ended.
        let pulse: [Bool]
        /// Exceptions; 0 for none.
        let codes: [String: Int]
        let units: [Int]
    }

    /// What the client saw of a unit, and what that unit wrote down.
    private func asked(_ section: String, _ arguments: [String]) async throws -> (seen: Seen, audit: String) {
        var answer: (Seen, String)?
        try await Unit.with { unit in
            let port = try Unit.freePort()
            let file = try unit.write(site: site(port, section))
            try await unit.start(["--simulate", "--site", file.path])
            try await eventually("a temperature and the relays") {
                let latest = try await unit.latest()
                let known = Set(latest.filter { $0.value != nil }.map(\.metric.name))
                return known.isSuperset(of: ["enclosure.temperature", "relay.state@router", "input.state@flow"])
            }
            let run = try await Run.program(
                Self.python, [Self.here.appending(path: "Fixtures/modbus-client.py").path, "\(port)"] + arguments)
            try #require(run.status == 0, "\(run)\n\(unit.logText)")
            let audit = try await Run.picli(["audit", "list", "--state", unit.state.path])
            answer = (try JSONDecoder().decode(Seen.self, from: Data(run.output.utf8)), audit.output)
        }
        return try #require(answer)
    }

    @Test(
        "an X-410: relays, inputs and sensors, a pulse, and what is refused",
        .enabled(if: isThere, "pymodbus is missing: make modbus-client"), .timeLimit(.minutes(1)))
    func x410() async throws {
        let (seen, audit) = try await asked("profile: x410, supply: battery, temperatures: celsius", ["big", "512"])
        // The router's contact is normally closed: its load is on while its coil has no current.
        #expect(seen.coils == [false, false, false, false])
        #expect(seen.coilsAfter == [false, true, false, false] && seen.coilsAtEnd == seen.coils)
        #expect(seen.inputs.count == 4 && seen.inputs.dropFirst().allSatisfy { !$0 })
        try #require(seen.numbers.count == 4, "\(seen)")
        #expect(seen.numbers[0].map { (9...16).contains($0) } ?? false, "the supply: \(seen)")
        #expect(seen.numbers[1].map { (-40...85).contains($0) } ?? false, "the enclosure: \(seen)")
        #expect(seen.numbers[2].map { (9...16).contains($0) } ?? false, "the battery: \(seen)")
        #expect(seen.numbers[3] == nil, "switched off in the site file")
        #expect(seen.pulse == [true, true])
        #expect(
            seen.codes == [
                "inputs": 0, "numbers": 0, "on": 0, "off": 0, "pulse": 0, "no such coil": 2, "no such function": 1,
                "no such relay": 2, "no such length": 3,
            ])
        #expect(seen.units == [0, 1, 247, 255])
        for word in ["relay.on", "relay.off", "relay.pulse", "modbus", "127.0.0.1"] {
            #expect(audit.contains(word), "\(audit)")
        }
    }

    @Test(
        "a WebRelay-Quad: coils and a pulse, the low word first, and no other function",
        .enabled(if: isThere, "pymodbus is missing: make modbus-client"), .timeLimit(.minutes(1)))
    func quad() async throws {
        let (seen, _) = try await asked("profile: webrelay-quad", ["little", "16"])
        #expect(seen.coilsAfter == [false, true, false, false] && seen.coilsAtEnd == seen.coils)
        #expect(seen.pulse == [true, true])
        #expect(seen.codes["inputs"] == 1 && seen.codes["numbers"] == 1 && seen.codes["pulse"] == 0)
    }
}
