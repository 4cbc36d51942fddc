import Foundation
import Testing

/// `picli sensors` as a person or a script runs it, on the simulated buses of a site file.
@Suite("picli sensors")
struct SensorsCommandTests {
    private static let site = """
        site: { name: Trailer }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: air, chip: aht20, bus: 1, address: 0x38 }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
        """

    private let folder: Folder
    private let site: String

    init() throws {
        folder = try Folder()
        site = try folder.write("site.yaml", Self.site)
    }

    /// The values are those of the time of day: their digits, and the width of their columns, are not compared.
    private func normalised(_ text: String) -> String {
        text.replacing(/-?\d+(\.\d+)? (°C|%|V)/) { "* \($0.output.2)" }
            .replacing(/"time":"[^"]*"/, with: "\"time\":\"*\"").replacing(/"value":[-0-9.e]+/, with: "\"value\":*")
            .replacing(#/ {2,}/#, with: "  ")
    }

    @Test("scan tells what is there, under which id, and what it measures")
    func scan() async throws {
        let text = try await Binary.run("sensors", "scan", "--site", site, "--simulate")
        #expect(text.status == 0, "\(text)")
        #expect(text.error.isEmpty)
        #expect(try Golden.matches(normalised(text.output), "sensors-scan.txt"))
        let json = try await Binary.run("sensors", "scan", "--site", site, "--simulate", "--json")
        #expect(json.status == 0, "\(json)")
        #expect(try Golden.matches(normalised(json.output), "sensors-scan.json"))
    }

    @Test("a sensor without a value makes the exit code 2, and the last line says which")
    func missing() async throws {
        let result = try await Binary.run("sensors", "scan", "--site", site, "--bus", "31", "--json")
        // Nothing of the site file is on that bus.
        #expect(result.status == 0, "\(result)")
        let other = try folder.write(
            "other.yaml", "site: { name: Trailer }\nsensors: [{ id: air, chip: aht20, bus: 31, address: 0x38 }]\n")
        let missing = try await Binary.run("sensors", "scan", "--site", other, "--bus", "31", "--json")
        #expect(missing.status == 2)
        #expect(missing.failure?["code"] as? String == "sensors.missing")
        #expect(missing.failure?["message"] as? String == "A sensor of the site file gives no value: air.")
        #expect(missing.output.contains(#""missing":[{"chip":"aht20","id":"air","place":"i2c-31 0x38","reason":"#))
    }

    @Test("scan without a site file is no failure; with one that is wrong it is")
    func siteFile() async throws {
        let none = try await Binary.run("sensors", "scan", "--bus", "31")
        #expect(none.status == 0, "\(none)")
        #expect(none.output.contains("dtparam=i2c_arm=on"))
        let wrong = try folder.write("wrong.yaml", "site: { nam: Trailer }\n")
        for file in [wrong, folder.path + "/absent.yaml"] {
            #expect(try await Binary.run("sensors", "scan", "--site", file).status == 64)
        }
        #expect(try await Binary.run("sensors", "scan", "--bus", "32").status == 64)
    }

    @Test("list and read --simulate give every sensor's values")
    func simulated() async throws {
        for arguments in [["list"], ["read"], ["read", "--verbose"]] {
            let name = "sensors-" + arguments.joined(separator: "-").replacing("--", with: "")
            let all = ["sensors"] + arguments + ["--site", site, "--simulate"]
            let json = try await Binary.run(Binary.path, all + ["--json"])
            #expect(json.status == 0, "\(json)")
            if arguments.count == 1 { #expect(try Golden.matches(normalised(json.output), "\(name).json")) }
            let text = try await Binary.run(Binary.path, all)
            #expect(text.status == 0, "\(text)")
            #expect(text.error.isEmpty)
            #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
            for id in ["enclosure", "air", "battery"] { #expect(text.output.contains(id)) }
            #expect(text.output.contains("Lo_thresh") == arguments.contains("--verbose"))
        }
    }

    @Test("list asks the running unit; without one it lists the sensors all the same")
    func list() async throws {
        let site = try folder.write(
            "one.yaml",
            "site: { name: Trailer }\nsensors:\n  " + #"- { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }"#)
        let alone = try await Binary.run("sensors", "list", "--site", site, "--state", folder.path)
        #expect(alone.status == 0, "\(alone)")
        #expect(alone.error.hasPrefix("note: no values are shown."))
        #expect(alone.output.contains("enclosure  ds18b20  28-0000075ff6b1    10s    -  -"))
        try await ScriptedUnit.with(in: folder, Trailer.script) { _ in
            let asked = try await Binary.run("sensors", "list", "--site", site, "--state", folder.path, "--json")
            #expect(asked.status == 0, "\(asked)")
            #expect(asked.output.contains(#""metric":"enclosure.temperature","time":"2026-03-01T08:00:00.000Z""#))
        }
    }

    @Test("an id that is none leads to the nearest one")
    func unknown() async throws {
        for verb in ["read", "watch"] {
            let result = try await Binary.run("sensors", verb, "batery", "--site", site, "--simulate")
            #expect(result.status == 64)
            #expect(
                result.error
                    == "error: The site file has no sensor 'batery'. Did you mean 'battery'?\nTry: picli sensors list\n"
            )
        }
    }

    @Test(
        "a chip by its address: what cannot be is refused before a bus is touched",
        arguments: [
            (["--chip", "bme280", "--address", "0x40"], "a BME280 cannot be at 0x40"),
            (["--chip", "bme280", "--address", "seven"], "'seven' is no I2C address"),
            (["--chip", "ds18b20", "--address", "0x40"], "is not the address of a DS18B20"),
            (["--chip", "toaster", "--address", "0x40"], "the chips are ds18b20, ads1115"),
            (["--chip", "aht20"], "--chip needs its --address"), (["--address", "0x40"], "--address needs its --chip"),
            (["battery", "--chip", "aht20", "--address", "0x38"], "not both"),
        ])
    func loneChip(arguments: [String], message: String) async throws {
        let result = try await Binary.run(Binary.path, ["sensors", "read"] + arguments)
        #expect(result.status == 64)
        #expect(result.error.contains(message), "\(result)")
    }

    @Test("a chip that is not there exits with 2 and its reason, said once")
    func absentChip() async throws {
        let result = try await Binary.run("sensors", "read", "--chip", "bme280", "--bus", "31", "--address", "0x76")
        #expect(result.status == 2)
        #expect(result.error == "error: No value from weather-0x76-bus31.\n")
        #expect(result.output.components(separatedBy: "dtparam=i2c_arm=on").count == 2, "\(result)")
        #expect(result.output.contains("the same"))
    }

    @Test("watch prints a line per reading into a pipe, and draws over its own in a terminal")
    func watch() async throws {
        let arguments = [
            "sensors", "watch", "battery", "--site", site, "--simulate", "--interval", "50ms", "--count", "3",
        ]
        let piped = try await Binary.run(Binary.path, arguments)
        #expect(piped.status == 0, "\(piped)")
        let lines = piped.output.split(separator: "\n")
        #expect(lines.count == 3)
        let line = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  battery \d+\.\d+ V \(simulated\)/
        #expect(lines.allSatisfy { $0.wholeMatch(of: line) != nil }, "\(lines)")
        let json = try await Binary.run(Binary.path, arguments + ["--json"])
        #expect(json.output.split(separator: "\n").allSatisfy { $0.hasPrefix(#"{"schema":1,"sensors":["#) })
        let terminal = try await Binary.shell(
            "script -qec \"TERM=xterm $PICLI \(arguments.joined(separator: " "))\" /dev/null < /dev/null")
        #expect(terminal.output.components(separatedBy: "\u{1B}[2A\u{1B}[J").count == 3, "\(terminal)")
    }

    @Test("Ctrl-C ends a watch with 130")
    func interrupted() async throws {
        let result = try await Binary.shell(
            "timeout --preserve-status --signal INT 2 \"$PICLI\" sensors watch battery --site \(site) --simulate")
        #expect(result.status == 130, "\(result)")
        #expect(result.error.isEmpty)
    }
}
