import Platform
import Testing

@Suite("Mount table")
struct MountTableTests {
    @Test("a line is taken apart, with and without optional fields")
    func fields() throws {
        let table = MountTable(
            mountinfo: """
                36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue
                37 35 0:31 / /run rw,nosuid - tmpfs tmpfs rw,mode=755
                """)
        let first = try #require(table.mounts.first)
        #expect(first.device == "98:0")
        #expect(first.root == "/mnt1")
        #expect(first.point == "/mnt2")
        #expect(first.type == "ext3")
        #expect(first.source == "/dev/root")
        #expect(first.options == ["rw", "noatime"])
        #expect(first.superOptions == ["rw", "errors=continue"])
        #expect(table.mounts.map(\.point) == ["/mnt2", "/run"])
    }

    @Test("octal escapes in a mount point are undone")
    func escapes() {
        let table = MountTable(mountinfo: #"1 2 8:1 / /media/my\040drive\134\011x\ rw - vfat /dev/sda1 rw"#)
        #expect(table.mounts.first?.point == "/media/my drive\\\tx\\")
    }

    @Test(
        "a file system is read-only by its own options, not by those of one mount",
        arguments: [("rw", "ro", true), ("ro", "rw", false), ("rw", "rw,emergency_ro", true), ("rw", "rw", false)])
    func readOnly(mount: String, fileSystem: String, expected: Bool) {
        let table = MountTable(mountinfo: "1 2 8:1 / / \(mount) - ext4 /dev/sda1 \(fileSystem)")
        #expect(table.mounts.first?.isFileSystemReadOnly == expected)
    }

    @Test(
        "lines of another form are passed over",
        arguments: ["", "garbage", "1 2 3 4 5 6", "1 2 8:1 / / rw shared:1 ext4 /dev/sda1 rw", "1 2 8:1 / / rw - ext4"])
    func garbage(line: String) {
        #expect(MountTable(mountinfo: line).mounts.isEmpty)
        #expect(MountTable(mountinfo: "\(line)\n1 2 8:1 / / rw - ext4 /dev/sda1 rw").mounts.count == 1)
    }

    @Test("this machine's own table has a root")
    func ownTable() throws {
        #expect(try MountTable().mounts.contains { $0.point == "/" })
    }
}
