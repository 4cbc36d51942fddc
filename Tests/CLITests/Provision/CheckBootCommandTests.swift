import Foundation
import Testing

@Suite("picli provision check-boot")
struct CheckBootCommandTests {
    private let site = """
        site: { name: Trailer 42 }
        board: { i2c_baudrate: 400000 }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: air, chip: aht20, bus: 1, address: 0x38 }
        relays:
          - { id: router, line: GPIO5, contact: nc, active: low, boot: on }

        """

    /// A mounted card of Raspberry Pi OS with this config.txt.
    private func card(_ config: String, site: String? = nil, isRunning: Bool = false) throws -> Folder {
        let card = try Folder()
        func write(_ path: String, _ text: String) throws {
            let file = card.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write("etc/os-release", "ID=debian\n")
        try write("etc/rpi-issue", "Raspberry Pi reference 2025-10-01\n")
        try write("etc/modules-load.d/picli.conf", "i2c-dev\n")
        try write("boot/firmware/config.txt", config)
        for overlay in ["w1-gpio", "i2c-rtc", "vc4-kms-v3d"] { try write("boot/firmware/overlays/\(overlay).dtbo", "") }
        if let site { try write("etc/picli/site.yaml", site) }
        if isRunning {
            try write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0")
            try write("proc/device-tree/soc/i2c@7e804000/status", "disabled\0")
        }
        return card
    }

    private let provisioned = """
        dtoverlay=vc4-kms-v3d
        [pi5]
        gpio=5=op,dh
        [all]
        kernel_watchdog_timeout=60
        dtoverlay=
        dtparam=i2c_arm=on,i2c_arm_baudrate=400000
        dtoverlay=w1-gpio
        gpio=5=op,dh

        """

    @Test("a file that says all is good, and nothing is printed to standard error")
    func good() async throws {
        let card = try card(provisioned.replacing("[pi5]\n", with: ""), site: site)
        let result = try await Binary.run("provision", "check-boot", "--root", card.path)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.hasPrefix("\(card.path)/boot/firmware/config.txt, Raspberry Pi OS: good\n\nSUBJECT "))
        #expect(result.error.isEmpty)
    }

    @Test("findings are looked at in a terminal, and exit with 2")
    func text() async throws {
        let card = try card(provisioned + "dtparam = spi=on\ndtoverlay=w1-gpoi\n", site: site, isRunning: true)
        let result = try await Binary.run("provision", "check-boot", "--root", card.path)
        #expect(result.status == 2)
        let shown = result.output.replacing(card.path, with: "")
        #expect(try Golden.matches(shown, "check-boot.txt"), "\(result)")
        #expect(result.error.hasPrefix("error: This unit does not boot as it should: "))
        #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("under --json it is one document, the same value")
    func json() async throws {
        let card = try card(provisioned + "dtparam = spi=on\ndtoverlay=w1-gpoi\n", site: site, isRunning: true)
        let result = try await Binary.run("provision", "check-boot", "--root", "\(card.path)/", "--json")
        #expect(result.status == 2)
        #expect(try Golden.matches(result.output.replacing(card.path, with: ""), "check-boot.json"), "\(result)")
        #expect(result.failure?["code"] as? String == "boot.findings")
        #expect(result.failure?["status"] as? Int == 2)
    }

    @Test("a site file that is named counts, and one that is wrong is told")
    func siteFile() async throws {
        let card = try card(provisioned)
        let path = try card.write("other.yaml", "site: { name: Trailer 42 }\nclock: { rtc: ds3231 }\n")
        let result = try await Binary.run("provision", "check-boot", "--root", card.path, "--site", path, "--json")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let items = try #require(document?["items"] as? [[String: Any]])
        #expect(items.first { $0["subject"] as? String == "clock" }?["state"] as? String == "missing")
        try card.write("other.yaml", "sit: {}\n")
        let wrong = try await Binary.run("provision", "check-boot", "--root", card.path, "--site", path, "--json")
        #expect(wrong.status == 64)
        #expect(wrong.failure?["code"] as? String == "site.invalid")
    }

    @Test("without a site file the text alone is judged, and a note says so")
    func noSite() async throws {
        let card = try card("dtparam=audio=on\n")
        let result = try await Binary.run("provision", "check-boot", "--root", card.path)
        #expect(result.status == 0)
        #expect(result.output == "\(card.path)/boot/firmware/config.txt, Raspberry Pi OS: good\n")
        #expect(result.error.hasPrefix("There is no \(card.path)/etc/picli/site.yaml: "))
    }

    @Test("what is no card is a failure with a hint")
    func noCard() async throws {
        let empty = try Folder()
        let result = try await Binary.run("provision", "check-boot", "--root", empty.path, "--json")
        #expect(result.status == 1)
        #expect(result.failure?["code"] as? String == "boot.notAPi")
        let missing = try await Binary.run("provision", "check-boot", "--root", "/nonexistent", "--json")
        #expect(missing.status == 64)
        #expect(missing.failure?["code"] as? String == "root.missing")
    }
}
