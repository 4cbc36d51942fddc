import Platform
import Provision
import Site
import Testing

@Suite("The files that make a system boot as it should")
struct BootFilesTests {
    private func content(_ files: [BootFile], _ path: String) throws -> String {
        String(decoding: try #require(files.first { $0.path == path }).content, as: UTF8.self)
    }

    @Test("Raspberry Pi OS: config.txt, the module of /dev/i2c-1, and the watchdogs")
    func raspberryPiOS() throws {
        let files = try BootFiles(BootSite.trailer(), on: BootFixture.named("stock-bookworm").tree).files
        #expect(
            files.map(\.path) == [
                "/etc/systemd/system.conf.d/60-picli-watchdog.conf", "/etc/sysctl.d/61-picli-watchdog.conf",
                "/etc/modules-load.d/picli.conf", "/boot/firmware/config.txt",
            ])
        #expect(files.allSatisfy { $0.mode == 0o644 })
        #expect(try content(files, "/etc/modules-load.d/picli.conf") == "i2c-dev\n")
        #expect(
            try content(files, "/etc/systemd/system.conf.d/60-picli-watchdog.conf").contains(
                "\nRuntimeWatchdogSec=60s\n"))
        #expect(try content(files, "/etc/sysctl.d/61-picli-watchdog.conf").contains("\nkernel.panic = 10\n"))
    }

    @Test("Debian: the overlays before config.txt, and the block where the next kernel upgrade finds it")
    func debian() throws {
        let tree = try BootFixture.named("debian-stock").tree
        let files = try BootFiles(BootSite.trailer(), on: tree).files
        #expect(
            files.dropFirst(3).map(\.path) == [
                "/boot/firmware/overlays/picli-i2c1.dtbo", "/boot/firmware/overlays/picli-w1.dtbo",
                "/boot/firmware/overlays/picli-rtc.dtbo", "/etc/default/raspi-firmware-custom",
                "/boot/firmware/config.txt",
            ])
        // The watchdog's driver is a module there.
        #expect(try content(files, "/etc/modules-load.d/picli.conf") == "bcm2835_wdt\ni2c-dev\n")
        let block = ManagedBlock.all(in: ConfigText(try content(files, "/boot/firmware/config.txt"))).map(\.body)
        #expect(block.first?.contains("kernel_watchdog_timeout=180") == true)
        #expect(
            ManagedBlock.all(in: ConfigText(try content(files, "/etc/default/raspi-firmware-custom"))).map(\.body)
                == block)
    }

    @Test("Debian: what a kernel upgrade makes of config.txt is as good, and provisioning changes nothing in it")
    func regenerated() throws {
        let tree = try BootFixture.named("debian-with-custom").tree
        let files = try BootFiles(BootSite.trailer(), on: tree).files
        let custom = try content(files, "/etc/default/raspi-firmware-custom")
        // As z50-raspi-firmware does: $(cat …) takes the last line feed, the here-document puts one back.
        let header = String(decoding: try BootFixture.named("debian-stock").bytes, as: UTF8.self)
        let upgraded = header + "\n# Inserted by /etc/default/raspi-firmware-custom\n" + custom
        var after = tree.with(files)
        after.config = Array(upgraded.utf8)
        let again = try BootFiles(BootSite.trailer(), on: after).files
        #expect(try content(again, "/boot/firmware/config.txt") == upgraded)
        #expect(try content(again, "/etc/default/raspi-firmware-custom") == custom)
        let report = try BootCheck.report(of: after.with(again), for: BootSite.trailer())
        #expect(report.findings.isEmpty, "\(report.findings)")
    }

    @Test("applied twice is applied once, and removal gives all back", arguments: BootFixture.all)
    func idempotent(fixture: BootFixture) throws {
        var tree = fixture.tree
        if fixture.system == .debian { tree.custom = Array("gpu_mem=16".utf8) }
        let settings = try BootSite.trailer()
        let once = try BootFiles(settings, on: tree)
        #expect(try BootFiles(settings, on: tree.with(once.files)) == once)
        let removed = tree.with(once.files).with(BootFiles.removing(from: tree.with(once.files)))
        #expect(removed.config == tree.config)
        #expect(removed.custom == tree.custom)
    }

    @Test("a machine without the firmware gets the watchdogs only")
    func other() throws {
        let files = try BootFiles(BootSite.settings(""), on: BootTree(system: .other)).files
        #expect(
            files.map(\.path) == [
                "/etc/systemd/system.conf.d/60-picli-watchdog.conf", "/etc/sysctl.d/61-picli-watchdog.conf",
            ])
    }

    @Test("an overlay that the package did not bring is a failure, not a line that does nothing")
    func overlayNotInstalled() throws {
        var tree = try BootFixture.named("debian-stock").tree
        tree.ownOverlays[.clock] = nil
        #expect(try failure(on: tree) == "boot.overlayNotInstalled")
    }

    @Test("1-Wire on a kernel whose device trees have no symbols is refused")
    func noSymbols() throws {
        var tree = try BootFixture.named("debian-stock").tree
        tree.hasSymbols = false
        #expect(try failure(on: tree) == "boot.noSymbols")
    }

    @Test("a Pi 5 under Debian's kernel is refused, and under Raspberry Pi OS is not")
    func pi5() throws {
        var tree = try BootFixture.named("debian-stock").tree
        tree.model = BoardModel("Raspberry Pi 5 Model B Rev 1.0")
        #expect(try failure(on: tree) == "boot.boardUnsupported")
        tree = try BootFixture.named("stock-trixie").tree
        tree.model = BoardModel("Raspberry Pi 5 Model B Rev 1.0")
        #expect(try failure(on: tree) == nil)
    }

    @Test(
        "what asks nothing of the RP1 is done on any board; a relay alone asks for it",
        arguments: [
            ("", nil), ("clock: { rtc: ds3231 }\n", "boot.boardUnsupported"),
            ("relays: [{ id: router, line: GPIO5, boot: on }]\n", "boot.boardUnsupported"),
        ] as [(String, String?)])
    func headerOfPi5(sections: String, code: String?) throws {
        var tree = try BootFixture.named("debian-stock").tree
        tree.model = BoardModel("Raspberry Pi 5 Model B Rev 1.0")
        let settings = try BootSite.settings(sections)
        #expect(failureCode { _ = try BootFiles(settings, on: tree) } == code)
        let codes = try BootCheck.report(of: tree, for: settings).findings.map(\.code)
        #expect(codes.contains("boot.boardUnsupported") == (code != nil))
    }

    @Test("a Pi without config.txt is told to mount its boot partition")
    func noConfig() throws {
        #expect(try failure(on: BootTree(system: .raspberryPiOS)) == "boot.noConfig")
    }

    @Test("a relay whose comment would be too long for a line is refused")
    func tooLong() throws {
        var settings = try BootSite.trailer()
        settings.relayPins[0].relay = String(repeating: "r", count: 90)
        let tree = try BootFixture.named("empty").tree
        let failure = #expect(throws: Failure.self) { try BootFiles(settings, on: tree) }
        #expect(failure?.code == "boot.lineTooLong")
    }

    private func failure(on tree: BootTree) throws -> String? {
        let settings = try BootSite.trailer()
        do throws(Failure) {
            _ = try BootFiles(settings, on: tree)
            return nil
        } catch {
            #expect(error.hint != nil)
            return error.code
        }
    }
}
