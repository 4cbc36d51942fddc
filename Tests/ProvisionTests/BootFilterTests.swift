import Provision
import Testing

@Suite("The filters of config.txt")
struct BootFilterTests {
    @Test(
        "a board answers to its filters and no others",
        arguments: [
            ("Raspberry Pi 4 Model B Rev 1.5", ["pi4"], 0x11), ("Raspberry Pi 400 Rev 1.0", ["pi4", "pi400"], 0x13),
            ("Raspberry Pi Compute Module 4 Rev 1.1", ["pi4", "cm4"], 0x14),
            ("Raspberry Pi Compute Module 4S Rev 1.0", ["pi4", "cm4s"], 0x15),
            ("Raspberry Pi 5 Model B Rev 1.0", ["pi5"], 0x17), ("Raspberry Pi 500 Rev 1.0", ["pi5", "pi500"], 0x19),
            ("Raspberry Pi Compute Module 5 Rev 1.0", ["pi5", "cm5"], 0x18),
            ("Raspberry Pi 3 Model B Plus Rev 1.3", ["pi3", "pi3+"], 0x0D),
            ("Raspberry Pi 3 Model B Rev 1.2", ["pi3"], 0x08),
            ("Raspberry Pi Zero 2 W Rev 1.0", ["pi0", "pi0w", "pi02"], 0x12),
            ("Raspberry Pi Zero W Rev 1.1", ["pi0", "pi0w"], 0x0C),
            ("Raspberry Pi 2 Model B Rev 1.1", ["pi2"], 0x04),
        ] as [(String, [String], Int)])
    func models(name: String, filters: [String], type: Int) throws {
        let model = try #require(BoardModel(name))
        #expect(model.filters == filters)
        #expect(model.boardType == type)
        for filter in ["pi0", "pi02", "pi3", "pi3+", "pi4", "pi400", "pi5", "cm4", "cm5"] {
            #expect(holds("[\(filter)]", on: name) == filters.contains(filter), "\(filter)")
        }
        #expect(holds("[board-type=0x\(String(type, radix: 16))]", on: name) == true)
        #expect(holds("[board-type=\(type + 1)]", on: name) == false)
    }

    @Test(
        "what is no Raspberry Pi has no model", arguments: ["", "QEMU Virtual Machine", "Raspberry Pi", "Orange Pi 5"])
    func noModel(name: String) { #expect(BoardModel(name) == nil) }

    @Test(
        "filters of one kind replace each other, those of different kinds must all hold, [all] ends them",
        arguments: [
            ("[pi5]\n[pi4]", true), ("[pi4]\n[pi5]", false), ("[pi5]\n[all]", true), ("[none]\n[pi4]", false),
            ("[none]\n[all]", true), ("[0x1234abcd]\n[pi4]", true), ("[0x99]\n[pi4]", false),
            ("[0x99]\n[0x1234abcd]", true),
            ("[pi4]\n[tryboot]", false), ("[HDMI:1]\n[pi4]", true), ("[pi6]", false), ("[pi6]\n[pi4]", false),
            ("[PI4]", false),
            ("[gpio4=1]", nil), ("[EDID=VSC-TD2220]\n[pi4]", nil), ("[gpio4=1]\n[pi5]", false), ("[partition=2]", nil),
        ] as [(String, Bool?)])
    func combined(filters: String, holds: Bool?) {
        #expect(self.holds(filters, on: "Raspberry Pi 4 Model B Rev 1.5") == holds)
    }

    @Test("what is known of the boot decides the filters that ask for it")
    func known() {
        let text = ConfigText("[gpio4=1]\na=1\n[gpio4=0]\nb=1\n[all]\n[tryboot]\nc=1\n")
        let high = EffectiveConfig(text, for: ConfigContext(isTryboot: true, gpio: [4: true]))
        #expect(high.property("a") != nil)
        #expect(high.property("b") == nil)
        #expect(high.property("c") != nil)
    }

    @Test("without a model a model's filter may hold")
    func unknownModel() {
        let effective = EffectiveConfig(ConfigText("[pi4]\na=1\n"), for: ConfigContext())
        #expect(effective.entries.map(\.standing) == [.depends(on: .model("pi4"))])
    }

    @Test(
        "a filter is written as it was read",
        arguments: [
            "all", "none", "pi3+", "board-type=0x14", "gpio22=0", "EDID=VSC-TD2220", "tryboot", "HDMI:0", "partition=2",
            "pi6", "0x12ab",
        ])
    func text(name: String) { #expect(ConfigFilter(name).text == "[\(name)]") }

    private func holds(_ filters: String, on model: String) -> Bool? {
        let context = ConfigContext(model: BoardModel(model), serial: 0x1000_0000_1234_ABCD)
        switch EffectiveConfig(ConfigText(filters + "\nx=1\n"), for: context).entries.first?.standing {
        case .holds: return true
        case .filtered: return false
        case .depends, nil: return nil
        }
    }
}
