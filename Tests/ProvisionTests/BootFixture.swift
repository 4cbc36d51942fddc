import Foundation
import Provision
import Site
import Testing

/// A config.txt as it is found in the field, and what becomes of it.
struct BootFixture: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/config")

    static let all: [BootFixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") && $0.split(separator: ".").count == 2 }.sorted().compactMap {
            file in
            let name = String(file.dropLast(4))
            return (try? Data(contentsOf: folder.appending(path: file))).map {
                BootFixture(name: name, bytes: Array($0))
            }
        }
    }()

    static func named(_ name: String) throws -> BootFixture { try #require(all.first { $0.name == name }) }

    var system: BootSystem {
        name.hasPrefix("debian") ? .debian : name.hasPrefix("ubuntu") ? .ubuntu : .raspberryPiOS
    }

    /// A Raspberry Pi 4 with this file, which does not run.
    var tree: BootTree {
        var tree = BootTree(
            system: system, configPath: "/boot/firmware/config.txt", config: bytes,
            overlays: system == .debian
                ? ["hifiberry-dac", "pi4-spidev"]
                : [
                    "dwc2", "i2c-rtc", "i2c-sensor", "vc4-fkms-v3d", "vc4-kms-v3d", "w1-gpio",
                ],
            model: BoardModel("Raspberry Pi 4 Model B Rev 1.5"))
        tree.serial = 0x1000_0000_1234_ABCD
        tree.hasSymbols = true
        tree.ownOverlays = [.i2c: [1], .oneWire: [2], .clock: [3]]
        tree.includes = [
            "extra.txt": Array("include more.txt\ndtparam=i2c_arm=off\n".utf8),
            "more.txt": Array("include extra.txt\n".utf8),
        ]
        return tree
    }

    /// Whether `bytes` are those of the golden file beside the fixture; what differs is left in `.build/golden`.
    func matches(_ bytes: [UInt8], _ kind: String) throws -> Bool {
        let file = "\(name).\(kind).txt"
        if let golden = try? Data(contentsOf: Self.folder.appending(path: file)), Array(golden) == bytes { return true }
        let output = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/golden/config")
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        try Data(bytes).write(to: output.appending(path: file))
        return false
    }
}

/// Site files, as short as they can be.
enum BootSite {
    static func settings(_ sections: String) throws -> BootSettings {
        let result = SiteFile.parse("site: { name: Trailer 42 }\n" + sections)
        return BootSettings(try #require(result.value, "\(result.diagnostics)"))
    }

    /// A trailer with one of everything.
    static func trailer() throws -> BootSettings {
        try settings(
            """
            network: { router: { address: 192.168.1.1 } }
            board: { i2c_baudrate: 400000 }
            clock: { rtc: ds3231 }
            sensors:
              - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
              - { id: air, chip: aht20, bus: 1, address: 0x38 }
            relays:
              - { id: router, line: GPIO5, contact: nc, active: low, boot: on }
              - { id: camera, line: GPIO6, contact: nc, active: low, boot: on }
              - { id: strobe, line: GPIO27, contact: no, boot: off }
            """)
    }
}
