import Provision
import Testing

@Suite("The text of a config.txt")
struct BootConfigTextTests {
    @Test("every file is written back byte for byte", arguments: BootFixture.all)
    func roundTrip(fixture: BootFixture) {
        #expect(ConfigText(fixture.bytes).bytes == fixture.bytes)
    }

    @Test("there are at least 25 of them")
    func enough() { #expect(BootFixture.all.count >= 25) }

    @Test("any bytes are written back as they were, and interpreted without a fault")
    func garbage() throws {
        var random = SystemRandomNumberGenerator()
        let words = [
            "[all]", "[pi4]", "[", "]", "=", "dtoverlay=", "dtparam=", "gpio=", ",", "-", "\n", "\r\n", "\r", "\0",
            "include ",
        ]
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                if Bool.random(using: &random) {
                    bytes += Array((words.randomElement(using: &random) ?? "").utf8)
                } else {
                    bytes += (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
                }
            }
            let text = ConfigText(bytes)
            #expect(text.bytes == bytes)
            let effective = EffectiveConfig(text, includes: ["a": text], for: ConfigContext())
            #expect(effective.entries.allSatisfy { $0.source.line >= 1 && $0.source.line <= text.lines.count })
            let tree = BootTree(system: .raspberryPiOS, configPath: "/boot/firmware/config.txt", config: bytes)
            _ = try BootCheck.report(of: tree, for: BootSite.trailer())
        }
    }

    @Test(
        "a line says what the firmware reads in it",
        arguments: [
            ("", ConfigStatement.blank), ("  \t", .blank), ("# dtparam=i2c_arm=on", .comment),
            ("  # indented", .comment),
            ("dtparam=i2c_arm=on", .setting(key: "dtparam", value: "i2c_arm=on")),
            ("  gpio=17=op,dh", .setting(key: "gpio", value: "17=op,dh")),
            ("dtoverlay=", .setting(key: "dtoverlay", value: "")),
            ("dtparam =spi=on", .spacedSetting(key: "dtparam", value: "spi=on")),
            ("dtparam= spi=on", .spacedSetting(key: "dtparam", value: "spi=on")),
            ("[pi4]", .filter(.model("pi4"))), (" [all] # rest", .filter(.all)), ("[none", .other("[none")),
            ("include extra.txt", .include("extra.txt")), ("includeextra", .other("includeextra")),
            ("initramfs initrd.img followkernel", .other("initramfs initrd.img followkernel")),
            ("=5", .other("=5")),
        ])
    func statement(line: String, statement: ConfigStatement) {
        #expect(ConfigStatement(Array(line.utf8)) == statement)
    }

    @Test("of a line only the first 98 characters count")
    func limit() {
        let line = "dtparam=a=" + String(repeating: "1", count: 100)
        #expect(
            ConfigStatement(Array(line.utf8))
                == .setting(key: "dtparam", value: "a=" + String(repeating: "1", count: 88)))
        #expect(ConfigText(line).lines[0].isOverLong)
        #expect(!ConfigText("#" + line).lines[0].isOverLong)
        #expect(!ConfigText(String(line.prefix(98))).lines[0].isOverLong)
    }

    @Test("overlays are given with a comma or a colon, lines one by one and in ranges")
    func values() throws {
        #expect(
            ConfigOverlay("w1-gpio:gpiopin=17,pullup").parameters == [
                ConfigParameter("gpiopin", "17"), ConfigParameter("pullup", nil),
            ])
        #expect(ConfigOverlay("w1-gpio,gpiopin=17").value(of: "gpiopin") == "17")
        let pins = try #require(ConfigPins("3-5,17=op,dh"))
        #expect(pins.pins == [3, 4, 5, 17])
        #expect(pins.level == true)
        #expect(ConfigPins("2=ip,pu")?.level == nil)
        for bad in ["", "17", "=op", "5-=op", "9-2=op", "0-99999999=op", "x=op"] where bad != "=op" {
            #expect(ConfigPins(bad) == nil, "\(bad)")
        }
    }
}
