import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

/// What picli sees by itself, in trees that stand for boards.
@Suite("A board that is accepted")
struct AcceptanceLookTests {
    private let folder = TemporaryDirectory()

    /// A board that runs an image of picli, as its kernel shows it.
    private func makePi(kernel: String = "6.12.25+rpt-rpi-v8") {
        folder.write("Raspberry Pi 4 Model B Rev 1.5\0", to: "proc/device-tree/model")
        folder.write("100000001234abcd\0", to: "proc/device-tree/serial-number")
        folder.write("\(kernel)\n", to: "proc/sys/kernel/osrelease")
        folder.write("NAME=\"Debian\"\nIMAGE_ID=picli\nIMAGE_VERSION=0.1.0\n", to: "etc/os-release")
        folder.write("console=tty0 \(String(repeating: "x", count: 200)) picli.slot=a quiet\n", to: "proc/cmdline")
    }

    private func sight(_ id: String, settings: BootSettings? = nil) throws -> AcceptanceLook.Sight? {
        let item = try #require(AcceptanceItem(id: id))
        return try AcceptanceLook(at: SystemRoot(folder.path), settings: settings).sight(of: item)
    }

    @Test("is known by its model, its serial number, its image and its kernel")
    func subject() throws {
        makePi()
        let look = try AcceptanceLook(at: SystemRoot(folder.path), settings: nil)
        #expect(
            look.subject
                == .init(
                    board: "Raspberry Pi 4 Model B Rev 1.5, 100000001234abcd", image: "picli 0.1.0",
                    kernel: "6.12.25+rpt-rpi-v8"))
    }

    @Test("a machine that is no board is refused")
    func noBoard() throws {
        folder.write("QEMU Virtual Machine\0", to: "proc/device-tree/model")
        #expect {
            try AcceptanceLook(at: SystemRoot(folder.path), settings: nil)
        } throws: { ($0 as? Failure)?.code == "acceptance.noBoard" }
    }

    @Test("the slot of the kernel is that from which the firmware has started")
    func firmware() throws {
        makePi()
        #expect(try sight("firmware")?.outcome == .passed)
        let place = "proc/device-tree/chosen/bootloader/partition"
        folder.write("\0\0\0\u{2}", to: place)
        #expect(try sight("firmware")?.evidence.contains("partition 2") == true)
        folder.write("\0\0\0\u{3}", to: place)
        #expect(try sight("firmware")?.outcome == .failed)
        folder.write("console=tty0 root=/dev/sda1\n", to: "proc/cmdline")
        #expect(try sight("firmware")?.outcome == .failed)
    }

    @Test("a watchdog that runs, one that nobody has started, one of software, and none")
    func watchdog() throws {
        makePi()
        #expect(try sight("watchdog")?.outcome == .failed)
        let place = "sys/class/watchdog/watchdog0"
        folder.write("Broadcom BCM2835 Watchdog timer\n", to: "\(place)/identity")
        folder.write("inactive\n", to: "\(place)/state")
        folder.write("15\n", to: "\(place)/timeout")
        #expect(try sight("watchdog")?.outcome == .failed)
        folder.write("active\n", to: "\(place)/state")
        #expect(
            try sight("watchdog")
                == .init(.passed, "'Broadcom BCM2835 Watchdog timer' runs; it waits 15 s."))
        folder.write("Software Watchdog\n", to: "\(place)/identity")
        #expect(try sight("watchdog")?.outcome == .failed)
    }

    @Test("config.txt is compared with the site file, and without one it is not")
    func settings() throws {
        makePi()
        #expect(try sight("settings")?.outcome == .failed)
        let site = try #require(SiteFile.parse("site: { name: X }\n", file: "x").value)
        // No config.txt is there.
        #expect(try sight("settings", settings: BootSettings(site))?.outcome == .failed)
    }

    @Test("one try of another slot is nothing for a kernel that cannot ask for it")
    func tryboot() throws {
        makePi()
        #expect(try sight("other-slot") == nil)
        makePi(kernel: "6.12.43+deb13-arm64")
        #expect(try sight("other-slot")?.outcome == .skipped)
        #expect(try sight("tryboot-hangs")?.evidence.contains("6.12.43+deb13-arm64") == true)
        #expect(try sight("relays-first") == nil)
    }

    @Test("a card is used to its end, or not")
    func card() throws {
        makePi()
        #expect(try sight("card-size")?.outcome == .failed)
        let table = ImageLayout(ImageRecipe(name: "picli"), for: .arm64).table
        let sectors: UInt64 = 6 << 21
        let attributes = "sys/devices/mmc/mmcblk0"
        folder.write("\(sectors)\n", to: "\(attributes)/size")
        folder.write("1\n", to: "\(attributes)/mmcblk0p6/size")
        folder.write("", to: "dev/mmcblk0p6")
        folder.write("", to: "data/x")
        for name in ["dev/disk/by-partlabel", "sys/class/block"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        symlink("../../mmcblk0p6", "\(folder.path)/dev/disk/by-partlabel/data")
        symlink("../../devices/mmc/mmcblk0/mmcblk0p6", "\(folder.path)/sys/class/block/mmcblk0p6")
        let disk = try Descriptor(opening: "\(folder.path)/dev/mmcblk0", O_RDWR | O_CREAT, mode: 0o644)
        try disk.write(table.head, at: 0)
        #expect(
            try sight("card-size")?.evidence == "The partition 'data' does not reach the end of the card of 6.4 GB.")
        try disk.write(table.grown(to: sectors).head, at: 0)
        // The file system that stands in for the card's own is larger than it.
        let seen = try sight("card-size")
        #expect(seen?.outcome == .passed && seen?.evidence.hasSuffix(" of a card of 6.4 GB.") == true, "\(seen as Any)")
    }

    @Test("docs/image.md has each item, as picli has it")
    func documented() throws {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tree.appending(path: "docs/image.md"), encoding: .utf8)
        for item in AcceptanceItem.all {
            let who = item.judge == .machine ? "picli" : "a person"
            let row = "| `\(item.id)` | \(item.title) | \(item.task) | \(item.sign) | \(who) |\n"
            #expect(text.contains(row), "\(row)")
        }
        #expect(Set(AcceptanceItem.all.map(\.id)).count == AcceptanceItem.all.count)
    }

    @Test("whoever is to look by himself has something to look at, and nobody else has")
    func judges() throws {
        makePi()
        for item in AcceptanceItem.all {
            let isSeen = try sight(item.id) != nil
            #expect(isSeen == (item.judge == .machine), "\(item.id)")
        }
    }
}
