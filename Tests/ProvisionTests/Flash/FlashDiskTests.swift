import Platform
import Testing

@testable import Provision

@Suite("A disk to write an image onto")
struct FlashDiskTests {
    /// As lsblk of util-linux 2.38 tells of a card with Raspberry Pi OS in a reader.
    private static let card = """
        {"blockdevices": [
           {"path":"/dev/sdb", "type":"disk", "size":31914983424, "ro":false, "model":"SD/MMC", "tran":"usb",
            "pkname":null, "fstype":null, "label":null, "mountpoints":[null],
            "children": [
              {"path":"/dev/sdb1", "type":"part", "size":536870912, "ro":false, "model":null, "tran":null,
               "pkname":"/dev/sdb", "fstype":"vfat", "label":"bootfs", "mountpoints":[MOUNT]},
              {"path":"/dev/sdb2", "type":"part", "size":31373918208, "ro":false, "model":null, "tran":null,
               "pkname":"/dev/sdb", "fstype":"ext4", "label":"rootfs", "mountpoints":[null]CHILDREN}
            ]}
        ]}
        """

    private func disk(
        mount: String = "null", children: String = "", _ change: (String) -> String = { $0 }
    ) throws -> FlashDisk {
        let text = Self.card.replacing("MOUNT", with: mount).replacing("CHILDREN", with: children)
        return try FlashDisk(listing: Array(change(text).utf8), of: "/dev/sdb")
    }

    @Test("it is named with what is on it")
    func named() throws {
        let disk = try disk()
        #expect(disk.title == "/dev/sdb: SD/MMC, usb, 31.9 GB")
        #expect(disk.contents == ["/dev/sdb1: vfat 'bootfs', 0.5 GB", "/dev/sdb2: ext4 'rootfs', 31.3 GB"])
        #expect(disk.refusal(for: 2 << 30) == nil)
    }

    @Test("what is on a disk without partitions is named, too")
    func plain() throws {
        let text = """
            {"blockdevices":[{"path":"/dev/sdb", "type":"disk", "size":2000000000, "ro":false, "fstype":"ext4",
             "label":"footage", "mountpoints":[null]}]}
            """
        let disk = try FlashDisk(listing: Array(text.utf8), of: "/dev/sdb")
        #expect(disk.contents == ["/dev/sdb: ext4 'footage', 2.0 GB"])
    }

    @Test("what is mounted, of the system, in use, read-only or too small is refused")
    func refused() throws {
        #expect(try disk(mount: "\"/media/card\"").refusal(for: 1)?.code == "flash.mounted")
        #expect(try disk(mount: "\"/media/card\"").refusal(for: 1)?.hint == "umount /media/card")
        #expect(try disk(mount: "\"/media/card\", \"/boot\"").refusal(for: 1)?.code == "flash.system")
        #expect(try disk(mount: "\"[SWAP]\"").refusal(for: 1)?.code == "flash.system")
        let crypt = """
            , "children":[{"path":"/dev/mapper/x", "type":"crypt", "size":1, "ro":false, "mountpoints":[null]}]
            """
        #expect(try disk(children: crypt).refusal(for: 1)?.code == "flash.inUse")
        let locked = try disk { $0.replacing("\"ro\":false", with: "\"ro\":true") }
        #expect(locked.refusal(for: 1)?.code == "flash.readOnly")
        #expect(try disk().refusal(for: 40_000_000_000)?.code == "flash.tooSmall")
    }

    @Test("a partition is refused with the name of its disk, and what is no disk at all")
    func partition() throws {
        let part = """
            {"blockdevices":[{"path":"/dev/sdb1", "type":"part", "size":536870912, "ro":false, "pkname":"/dev/sdb"}]}
            """
        let refusal = try FlashDisk(listing: Array(part.utf8), of: "/dev/sdb1").refusal(for: 1)
        #expect(refusal?.code == "flash.partition" && refusal?.hint == "--disk /dev/sdb")
        let rom = part.replacing("\"part\"", with: "\"rom\"")
        #expect(try FlashDisk(listing: Array(rom.utf8), of: "/dev/sr0").refusal(for: 1)?.code == "flash.noDisk")
    }

    @Test("what lsblk does not know is no disk", arguments: ["", "{}", "{\"blockdevices\":[]}", "[1", "\u{0}"])
    func unknown(text: String) {
        #expect(throws: Failure.self) { try FlashDisk(listing: Array(text.utf8), of: "/dev/x") }
    }
}
