import Provision
import Testing

@Suite("What the firmware makes of config.txt")
struct BootEffectiveTests {
    private func entries(_ text: String, includes: [String: String] = [:]) -> [String] {
        let context = ConfigContext(model: BoardModel("Raspberry Pi 4 Model B Rev 1.5"))
        let effective = EffectiveConfig(ConfigText(text), includes: includes.mapValues { ConfigText($0) }, for: context)
        return effective.holding.map { entry in
            let place = "\(entry.source.include.map { "\($0):" } ?? "")\(entry.source.line)"
            switch entry.setting {
            case .property(let key, let value): return "\(place) \(key)=\(value)"
            case .parameter(let parameter, let overlay):
                return "\(place) \(overlay ?? "base") \(parameter.name)=\(parameter.value ?? "")"
            case .overlay(let overlay): return "\(place) overlay \(overlay.name)"
            case .pins(let pins): return "\(place) pins \(pins.pins)"
            }
        }
    }

    @Test("a dtparam belongs to the overlay before it, until another one or an empty one")
    func binding() {
        let text = """
            dtparam=audio=on
            dtoverlay=w1-gpio
            dtparam=gpiopin=17,pullup
            dtoverlay=i2c-rtc
            dtparam=ds3231
            dtoverlay=
            dtparam=spi=on
            """
        #expect(
            entries(text) == [
                "1 base audio=on", "2 overlay w1-gpio", "3 w1-gpio gpiopin=17", "3 w1-gpio pullup=",
                "4 overlay i2c-rtc",
                "5 i2c-rtc ds3231=", "6 overlay ", "7 base spi=on",
            ])
    }

    @Test("an overlay that a filter keeps away takes no parameters")
    func filteredOverlay() {
        #expect(entries("[pi5]\ndtoverlay=w1-gpio\n[all]\ndtparam=spi=on\n") == ["4 base spi=on"])
    }

    @Test("later lines win")
    func last() throws {
        let effective = EffectiveConfig(
            ConfigText("gpu_mem=16\n[pi5]\ngpu_mem=64\n[all]\ngpu_mem=32\n"), for: ConfigContext())
        let found = try #require(effective.property("gpu_mem"))
        #expect(found.value == "32")
        #expect(found.source.line == 5)
    }

    @Test("an included file stands in the place of its line, and the filters go through it")
    func includes() {
        let includes = ["a.txt": "dtparam=spi=on\n[pi5]\ninclude b.txt\n", "b.txt": "x=1\n"]
        #expect(entries("include a.txt\ny=1\n[all]\nz=1\n", includes: includes) == ["a.txt:1 base spi=on", "4 z=1"])
    }

    @Test("a file that includes itself ends")
    func circular() {
        let effective = EffectiveConfig(
            ConfigText("include a.txt\n"), includes: ["a.txt": ConfigText("x=1\ninclude a.txt\n")], for: ConfigContext()
        )
        #expect(effective.notes.map(\.remark) == [.circularInclude("a.txt")])
        #expect(effective.entries.count == 1)
    }

    @Test("what the firmware passes over is noted, and sets nothing")
    func notes() {
        let effective = EffectiveConfig(
            ConfigText(
                "dtparam = spi=on\nDTOVERLAY=w1-gpio\ninclude no.txt\n[pi6]\n[all]\ngpio=5\nx=1 # y\ndtparm=i2c_arm=on\n"
                    + "hdmi_force_hotplug:1=1\ngpu_mem_1024=64\narm_freq=800\n"),
            for: ConfigContext())
        #expect(
            effective.notes.map(\.remark) == [
                .spaced(key: "dtparam"), .wrongCase(key: "DTOVERLAY", right: "dtoverlay"), .missingInclude("no.txt"),
                .unknownFilter("pi6"), .badPins("5"), .trailingComment(key: "x"),
                .misspelt(key: "dtparm", meant: "dtparam"),
            ])
        #expect(effective.holding.count == 6)
    }
}
