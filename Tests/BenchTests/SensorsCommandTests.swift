import Bench
import Foundation
import Site
import Testing

/// `picli sensors` on buses that the kernel believes in, as root and as the service's own user.
@Suite("The sensors command", .bench)
struct SensorsCommandTests {
    private static let probes = ["28-0000075ff6b1", "28-0000075ff6b2"]

    /// One of everything.
    private func plugAll(into bench: Bench) async throws {
        let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
        for input in 0...3 { try await adc.set(input, .dc(volts: 0.5 * Double(input + 1))) }
        try await bench.i2c.plug(SimulatedINA219.self, at: 0x41).set(volts: 12, amperes: 2, shunt: 0.1)
        try await bench.i2c.plug(SimulatedINA226.self, at: 0x44).set(volts: 13.8, amperes: 0.5, shunt: 0.1)
        try await bench.i2c.plug(SimulatedINA260.self, at: 0x40).set(volts: 12, amperes: 0.75)
        try await bench.i2c.plug(SimulatedAHT20.self, at: 0x38).set(celsius: 24.6, percent: 55)
        try await bench.i2c.plug(SimulatedBME280.self, at: 0x76).set(celsius: 21, percent: 40, pascal: 100_653)
        _ = try await bench.i2c.plug(SimulatedMCP23017.self, at: 0x20)
        for (index, address) in Self.probes.enumerated() {
            try await bench.oneWire.plug(address, celsius: 20.5 + Double(index))
        }
    }

    private struct Report: Decodable {
        struct Bus: Decodable {
            let name: String
            let fault: String?
            let found: [Found]
        }
        struct Found: Decodable {
            let address: String
            let chip: String?
            let names: [String]
            let driver: String?
            let note: String?
            let readings: [Reading]
        }
        struct Line: Decodable { let line: String }
        struct Missing: Decodable {
            let id: String
            let reason: String

            var isOfBusyMachine: Bool {
                let reasons = ["samples per second", "bus was too slow", "take load off"]
                return id == "router-load" && reasons.contains { reason.contains($0) }
            }
        }
        let buses: [Bus]
        let proposals: [Line]
        let missing: [Missing]

        var found: [Found] { buses.flatMap(\.found) }
    }

    private func scan(_ bench: Bench, _ prefix: String = "", status: Int32 = 0) async throws -> Report {
        let run = try await bench.status("\(prefix) picli sensors scan --json")
        #expect(run.status == status, "\(run)")
        return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    }

    @Test("exactly what is plugged in is found, and the proposed lines start a unit with the right values")
    func everything() async throws {
        try await Bench.resume { bench in
            try await plugAll(into: bench)
            let outsider = try await scan(bench, "runuser -u nobody --")
            #expect(outsider.buses.first?.fault?.contains("group i2c") == true, "\(outsider)")
            // The group is the service's, not its user's.
            let report = try await scan(bench, "runuser -u picli -G i2c --")
            #expect(
                report.found.map { "\($0.address) \($0.names.first ?? "")" } == [
                    "0x20 MCP23017", "0x38 AHT20", "0x40 INA260", "0x41 INA219", "0x44 INA226", "0x48 ADS1115",
                    "0x76 BME280", "28-0000075ff6b1 DS18B20", "28-0000075ff6b2 DS18B20",
                ])
            #expect(report.proposals.count == 11)
            #expect(report.found.flatMap(\.readings).allSatisfy { $0.value != nil })
            let lines = report.proposals.map { "  \($0.line)\n" }.joined()
            try await bench.unit.start(site: "site: { name: Bench }\nhistory: { window: 2s }\nsensors:\n" + lines)
            for (name, value, tolerance) in [
                ("air-0x38.temperature", 24.6, 0.001), ("air-0x38.humidity", 55, 0.001), ("load-0x40.power", 9, 0.02),
                ("load-0x41.current", 2, 0.002), ("load-0x41.voltage", 12, 0.004), ("load-0x44.voltage", 13.8, 0.00125),
                ("load-0x44.current", 0.5, 0.0005), ("input-0x48-ain0.voltage", 0.5, 0.0002),
                ("input-0x48-ain3.voltage", 2, 0.0002), ("weather-0x76.temperature", 21, 0.02),
                ("weather-0x76.pressure", 1006.53, 0.1), ("probe-1.temperature", 20.5, 0.001),
                ("probe-2.temperature", 21.5, 0.001),
            ] as [(String, Double, Double)] {
                try await bench.unit.value(name, value, plusMinus: tolerance)
            }
            // Beside the running unit, with its own site file.
            let again = try await scan(bench)
            #expect(again.proposals.isEmpty)
            #expect(again.missing.isEmpty, "\(again.missing)")
            let read = try await bench.run("picli sensors read load-0x41 --verbose")
            #expect(read.contains("that of the declared shunt"), "\(read)")
            let list = try await bench.run("picli sensors list")
            #expect(list.contains("20.50 °C"), "\(list)")
        }
    }

    @Test("scanning again and again beside a unit with a current clamp makes no reading wrong or absent")
    func beside() async throws {
        try await Bench.resume { bench in
            try await plugAll(into: bench)
            let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x49)
            try await adc.set(3, .dc(volts: 1.65))
            try await adc.set(0, .sine(rms: 0.1, hertz: 60, offset: 1.65))
            try await bench.unit.start(
                site: """
                    site: { name: Bench }
                    history: { window: 2s }
                    sensors:
                      - { id: router-load, chip: ads1115, bus: 1, address: 0x49, input: AIN0-AIN3, range: 0.256,
                          interval: 1s, clamp: { turns: 3000, burden: 300 } }
                      - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, interval: 1s }
                      - { id: camera-power, chip: ina260, bus: 1, address: 0x40, interval: 1s }
                    """)
            try await bench.unit.value("router-load.current", 1, plusMinus: 0.01)
            let start = try await bench.run("date -u +%Y-%m-%dT%H:%M:%SZ")
            for _ in 0..<8 {
                let run = try await bench.status("picli sensors scan --bus 1 --json")
                let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
                #expect(report.found.count == 8, "\(run)")
                // The clamp may find the emulated machine too busy for its sampling; nobody else may miss anything.
                #expect(report.missing.allSatisfy { $0.isOfBusyMachine }, "\(report.missing)")
            }
            try await Task.sleep(for: .seconds(3))
            let rows = try await bench.run(
                "picli readings export router-load.current battery camera-power.power --from \(start) --format csv")
            var missed = 0
            let lines = rows.split(separator: "\n").dropFirst()
            for line in lines {
                let row = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                // An emulated machine that has other things to do leaves turns out, and samples too slowly.
                if row[1] == "router-load.current" && row[4] == "busError" { continue }
                if row[4] == "notRecorded" {
                    missed += 1
                    continue
                }
                let wanted = try #require(
                    ["router-load.current": 1.0, "battery.voltage": 1.0, "camera-power.power": 9.0][row[1]])
                let value = try #require(Double(row[2]), "\(line)")
                #expect(abs(value - wanted) < 0.03, "\(line)")
            }
            #expect(lines.count > 40, "\(rows)")
            #expect(missed < lines.count / 2, "\(rows)")
        }
    }

    @Test("a held chip, a stuck bus and a missing bus are each one sentence that a tech can act on")
    func faults() async throws {
        try await Bench.resume { bench in
            let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
            try await adc.bindDriver("ti-ads1015")
            let held = try await scan(bench)
            #expect(held.found.map(\.driver) == ["ads1015"], "\(held)")
            #expect(held.proposals.isEmpty)
            try await bench.i2c.stick(true)
            let stuck = try await scan(bench)
            #expect(stuck.buses.first?.fault?.hasPrefix("/dev/i2c-1 is stuck") == true, "\(stuck)")
            try await bench.i2c.stick(false)
            try await bench.oneWire.remove()
            let missing = try await scan(bench)
            #expect(missing.buses.last?.fault?.contains("dtoverlay=w1-gpio") == true, "\(missing)")
        }
    }
}
