import Platform
import Provision
import Testing

@Suite("What is found in a config.txt")
struct BootCheckTests {
    /// `12 error boot.code: sentence`, one line each.
    private func text(_ report: BootReport) -> String {
        report.findings.map {
            "\($0.line.map { "\($0) " } ?? "")\($0.severity) \($0.code): \($0.message) Try: \($0.hint ?? "")\n"
        }
        .joined()
    }

    private func report(_ tree: BootTree, _ settings: BootSettings?) throws -> BootReport {
        try BootCheck.report(of: tree, for: settings)
    }

    private func codes(_ text: String, model: String = "Raspberry Pi 4 Model B Rev 1.5") throws -> [String] {
        let settings = try BootSite.trailer()
        var tree = try BootFixture.named("empty").tree
        tree.model = BoardModel(model)
        tree.config = Array(text.utf8)
        tree = tree.with(try BootFiles(settings, on: tree).files)
        return try report(tree, settings).findings.map(\.code)
    }

    @Test("each file has the findings that were looked at and found right", arguments: BootFixture.all)
    func golden(fixture: BootFixture) throws {
        let found = try report(fixture.tree, BootSite.trailer())
        #expect(try fixture.matches(Array(text(found).utf8), "findings"))
    }

    @Test(
        "a stock file that was provisioned has none",
        arguments: [
            "stock-bookworm", "stock-trixie", "stock-bullseye", "empty", "crlf", "debian-stock", "home-assistant",
            "huge",
        ])
    func provisioned(name: String) throws {
        let fixture = try BootFixture.named(name)
        let settings = try BootSite.trailer()
        let tree = fixture.tree.with(try BootFiles(settings, on: fixture.tree).files)
        let found = try report(tree, settings)
        #expect(found.findings.isEmpty, "\(found.findings)")
        #expect(found.items.allSatisfy { $0.state == .ok })
        #expect(!found.isRunning)
        #expect(!found.needsReboot)
    }

    @Test("a stock file alone lacks everything, said once")
    func notConfigured() throws {
        let found = try report(BootFixture.named("stock-bookworm").tree, BootSite.trailer())
        #expect(found.findings.map(\.code) == ["boot.notConfigured"])
        #expect(found.items.allSatisfy { $0.state == .missing })
    }

    @Test("without a site file only the text is judged")
    func noSite() throws {
        let found = try report(BootFixture.named("edited-spaces").tree, nil)
        #expect(found.items.isEmpty)
        #expect(Set(found.findings.map(\.code)) == ["boot.spaceAroundEquals"])
    }

    @Test(
        "a line before the block that says otherwise is a trap",
        arguments: [
            ("dtparam=i2c_arm=off\n", ["boot.conflict"]), ("dtparam=i2c_arm=on\n", []),
            ("gpio=5=op,dl\n", ["boot.conflict"]),
            ("gpio=5=op,dh\n", []), ("dtoverlay=w1-gpio,gpiopin=22\n", ["boot.oneWireElsewhere"]),
            ("dtoverlay=w1-gpio,gpiopin=27\n", ["boot.pinTaken"]), ("dtoverlay=w1-gpio\n", ["boot.duplicateOverlay"]),
            ("[pi5]\ndtparam=i2c_arm=on\n", ["boot.filteredOut"]), ("[none]\ndtparam=i2c_arm=on\n", []),
            ("[gpio4=1]\ndtparam=i2c_arm=off\n", ["boot.conditional"]),
            ("[pi4]\ndtparam=spi=on\n", []), ("enable_uart=1\ngpio=14=op,dl\n", ["boot.consolePin"]),
            ("gpio=14=op,dl\n", []),
            ("dtoverlay=dwc2\ndtparam=spi=on\n", ["boot.overlayScope"]),
            ("dtoverlay=dwc2\ndtoverlay=\ndtparam=spi=on\n", []),
        ] as [(String, [String])])
    func before(text: String, expected: [String]) throws {
        #expect(try codes(text) == expected)
    }

    @Test(
        "a line after the block that says otherwise decides",
        arguments: [
            ("dtparam=i2c_arm=off\n", ["boot.notConfigured", "boot.overridden"]),
            ("gpio=0-27=ip\n", ["boot.notConfigured", "boot.notConfigured", "boot.notConfigured", "boot.overridden"]),
            ("kernel_watchdog_timeout=0\n", ["boot.notConfigured", "boot.badWatchdog"]), ("dtparam=spi=on\n", []),
        ] as [(String, [String])])
    func after(text: String, expected: [String]) throws {
        let settings = try BootSite.trailer()
        var tree = try BootFixture.named("stock-bookworm").tree
        tree = tree.with(try BootFiles(settings, on: tree).files)
        tree.config = (tree.config ?? []) + Array(text.utf8)
        let found = try report(tree, settings)
        #expect(Set(found.findings.map(\.code)) == Set(expected), "\(found.findings)")
    }

    @Test("on a mounted card, whose board is not known, a model's section is told as such")
    func unknownModel() throws {
        var tree = try BootFixture.named("edited-ends-in-cm5").tree
        tree.model = nil
        let found = try report(tree, BootSite.trailer()).findings.filter { $0.code == "boot.conditional" }
        #expect(found.map(\.line) == [52, 53])
        #expect(
            found.allSatisfy { $0.message.hasSuffix("[cm5]: it is for that board only, and this one is not known.") })
    }

    @Test("what is in the file and does not run needs a reboot, and it says why")
    func needsReboot() throws {
        var tree = try provisionedTree()
        tree.live = LiveTree(
            i2cStatus: "okay", i2cClock: 100_000, hasI2CDevice: true, oneWireLines: [4], hasWatchdog: true)
        let found = try report(tree, BootSite.trailer())
        #expect(found.needsReboot)
        #expect(found.findings.map(\.code) == ["boot.needsReboot", "boot.needsReboot"])
        #expect(
            found.findings.first?.message
                == "i2c: config.txt says 'on, 400 kHz', and the running system has 'on, 100 kHz'; the firmware reads the file at boot only."
        )
        #expect(found.items.filter { $0.state == .needsReboot }.map(\.subject) == ["i2c", "clock"])
    }

    @Test("what runs and is no longer in the file will vanish")
    func willVanish() throws {
        var tree = try provisionedTree()
        tree.live = runningTree
        #expect(try report(tree, BootSite.trailer()).findings.isEmpty)
        tree.config = try BootFixture.named("stock-bookworm").bytes
        let found = try report(tree, BootSite.trailer())
        #expect(
            found.items.filter { $0.state == .willVanish }.map(\.subject) == ["i2c", "1-wire", "clock", "watchdog"])
        #expect(
            found.items.filter { $0.state == .missing }.map(\.subject) == [
                "relay router", "relay camera", "relay strobe",
            ])
        #expect(Set(found.findings.map(\.code)) == ["boot.willVanish", "boot.notConfigured"])
    }

    @Test("a bus without its device is told")
    func noDevice() throws {
        var tree = try provisionedTree()
        tree.live = runningTree
        tree.live?.hasI2CDevice = false
        #expect(try report(tree, BootSite.trailer()).findings.map(\.code) == ["boot.noDevice"])
    }

    @Test("a Pi 5 is asked for the current of its USB ports")
    func usb() throws {
        var tree = try provisionedTree()
        tree.model = BoardModel("Raspberry Pi 5 Model B Rev 1.0")
        tree.live = runningTree
        tree.live?.usbHighCurrent = false
        let usb = try report(tree, BootSite.trailer()).items.first { $0.subject == "usb" }
        #expect(usb?.state == .needsReboot)
        #expect(usb?.configured == "1.6 A")
    }

    @Test("a block for another site file, and one that was edited, are told apart")
    func block() throws {
        var tree = try provisionedTree()
        let outdated = try report(tree, BootSite.settings("clock: { rtc: ds3231 }\n"))
        #expect(outdated.findings.map(\.code).contains("boot.blockOutdated"))
        tree.config = Array(
            String(decoding: tree.config ?? [], as: UTF8.self).replacing("gpio=5=op,dh", with: "gpio=5=op,dl").utf8)
        let edited = try report(tree, BootSite.trailer())
        #expect(Set(edited.findings.map(\.code)) == ["boot.blockEdited", "boot.notConfigured"])
        #expect(edited.items.first { $0.subject == "relay router" }?.state == .missing)
    }

    @Test("Debian: a base parameter does nothing, and a line that is only in config.txt will be gone")
    func debian() throws {
        let found = try report(BootFixture.named("debian-hand-edited").tree, BootSite.trailer())
        let lines = found.findings.filter { $0.line != nil }
        #expect(
            lines.map(\.code) == [
                "boot.parameterIgnored", "boot.willBeRewritten", "boot.overlayMissing", "boot.willBeRewritten",
            ])
        #expect(lines.map(\.line) == [21, 21, 22, 22])
    }

    @Test("Debian: a block that is missing from what raspi-firmware copies is told")
    func customMissing() throws {
        var tree = try BootFixture.named("debian-stock").tree
        tree = tree.with(try BootFiles(BootSite.trailer(), on: tree).files)
        #expect(try report(tree, BootSite.trailer()).findings.isEmpty)
        tree.custom = nil
        let found = try report(tree, BootSite.trailer())
        #expect(found.findings.map(\.code) == ["boot.customMissing"])
        #expect(found.findings.first?.file == "/etc/default/raspi-firmware-custom")
    }

    @Test(
        "a watchdog's time that is none is told where it stands, with or without a site file",
        arguments: [
            ("60", true), ("1", true), ("15", true), ("0", false), ("-1", false), ("+5", false), ("60s", false),
            ("1e3", false), ("on", false), ("2147483648", false), ("99999999999999999999", false),
        ])
    func watchdog(value: String, isGood: Bool) throws {
        var tree = try BootFixture.named("empty").tree
        tree.config = Array("arm_64bit=1\nkernel_watchdog_timeout=\(value)\n".utf8)
        let bad = isGood ? [] : [2]
        #expect(try report(tree, nil).findings.filter { $0.code == "boot.badWatchdog" }.map(\.line) == bad)
        tree = tree.with(try BootFiles(BootSite.trailer(), on: tree).files)
        #expect(try report(tree, BootSite.trailer()).findings.map(\.line) == bad)
    }

    @Test("what makes /dev/i2c-1 at boot is missing: told where I2C is needed, and not after a provisioning")
    func modules() throws {
        var tree = try provisionedTree()
        tree.modules = ["fuse"]
        let found = try report(tree, BootSite.trailer()).findings
        #expect(found.map(\.code) == ["boot.moduleNotLoaded"])
        #expect(try report(tree, BootSite.settings("")).findings.allSatisfy { $0.code != "boot.moduleNotLoaded" })
        let after = tree.with(try BootFiles(BootSite.trailer(), on: tree).files)
        #expect(after.modules == ["fuse", "i2c_dev"])
        #expect(try report(after, BootSite.trailer()).findings.isEmpty)
    }

    @Test("the files of a card are named with the card", arguments: ["/mnt/card", "/mnt/card/"])
    func places(root: String) throws {
        var tree = try BootFixture.named("debian-hand-edited").tree
        tree.root = root
        let found = try report(tree, BootSite.trailer())
        #expect(found.file == "/mnt/card/boot/firmware/config.txt")
        #expect(found.findings.allSatisfy { $0.file?.hasPrefix("/mnt/card/") == true })
        #expect(found.findings.contains { $0.message.contains(" /mnt/card/etc/default/raspi-firmware-custom") })
        tree.configPath = nil
        #expect(tree.noConfig.message.contains("/mnt/card/boot/firmware "))
    }

    @Test("a machine that is no Pi is a failure, and so is a Pi without its boot partition")
    func nothing() throws {
        let other = #expect(throws: Failure.self) { try report(BootTree(system: .other), nil) }
        #expect(other?.code == "boot.notAPi")
        let unmounted = #expect(throws: Failure.self) { try report(BootTree(system: .debian), nil) }
        #expect(unmounted?.code == "boot.noConfig")
    }

    @Test("every finding says what to do, and no sentence is left open", arguments: BootFixture.all)
    func sentences(fixture: BootFixture) throws {
        for finding in try report(fixture.tree, BootSite.trailer()).findings {
            #expect(finding.hint?.isEmpty == false)
            #expect(finding.message.hasSuffix("."))
            #expect(finding.code.hasPrefix("boot."))
        }
    }

    @Test("no byte of the file reaches the terminal as a control character", arguments: BootFixture.all)
    func printable(fixture: BootFixture) throws {
        for finding in try report(fixture.tree, BootSite.trailer()).findings {
            let text = finding.message + (finding.hint ?? "")
            #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
        }
    }

    private var runningTree: LiveTree {
        LiveTree(
            i2cStatus: "okay", i2cClock: 400_000, hasI2CDevice: true, oneWireLines: [4], hasClockChip: true,
            hasWatchdog: true)
    }

    private func provisionedTree() throws -> BootTree {
        let tree = try BootFixture.named("stock-bookworm").tree
        return tree.with(try BootFiles(BootSite.trailer(), on: tree).files)
    }
}
