import Glibc
import TestSupport
import Testing

@testable import NAS

@Suite("What the kernel counts of a drive")
struct DriveCountersTests {
    /// Of a stick in a Debian 12, at the number of its partition.
    private func machine(stat: String) -> TemporaryDirectory {
        let root = TemporaryDirectory()
        let disk = "sys/devices/usb1/block/sda"
        root.write(stat, to: "\(disk)/stat")
        root.write("MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\nDISKSEQ=23\n", to: "\(disk)/uevent")
        root.write("23\n", to: "\(disk)/diskseq")
        root.write("0x1f\n", to: "\(disk)/device/ioerr_cnt")
        root.write("1\n", to: "\(disk)/sda1/partition")
        root.write("4\n", to: "sys/fs/ext4/sda1/errors_count")
        root.write("", to: "sys/dev/block/x")
        symlink("../../devices/usb1/block/sda/sda1", "\(root.path)/sys/dev/block/8:1")
        symlink("../../devices/usb1/block/sda", "\(root.path)/sys/dev/block/8:0")
        return root
    }

    private static let stat = "  1042  17  70210  903   188  96  81920  4410  0  2716  5313  0  0  0  0  12  88\n"
    private let mount = FootageMount(number: "8:1", source: "/dev/sda1")

    @Test("a partition's are those of its disk")
    func partition() {
        let root = machine(stat: Self.stat)
        let wanted = DriveCounters(
            disk: "sda", sequence: "23", errors: 31, fileSystemErrors: 4, busy: 2716, writes: 188, writing: 4410,
            waiting: 0, answered: 1230)
        #expect(DriveCounters(of: mount, root: root.path) == wanted)
        let whole = FootageMount(number: "8:0", source: "/dev/sda", type: "exfat")
        #expect(DriveCounters(of: whole, root: root.path)?.fileSystemErrors == nil)
        #expect(DriveCounters(of: whole, root: root.path)?.writes == 188)
    }

    @Test("a file system in user space, whose number the next one may have, is known by its device")
    func userSpace() {
        let root = machine(stat: Self.stat)
        root.write("", to: "sys/class/block/x")
        symlink("../../devices/usb1/block/sda/sda1", "\(root.path)/sys/class/block/sda1")
        let mount = FootageMount(number: "0:52", source: "/dev/sda1", type: "fuseblk")
        #expect(mount.diskSequence(root: root.path) == "23")
        #expect(DriveCounters(of: mount, root: root.path)?.writes == 188)
        let gone = FootageMount(number: "0:52", source: "/dev/sdb1", type: "fuseblk")
        #expect(gone.diskSequence(root: root.path) == nil)
    }

    @Test(
        "a disk that is gone, or says something else, has none",
        arguments: ["", "1 2 3", "a b c d e f g h i j k", "-1 0 0"])
    func garbage(stat: String) {
        let root = machine(stat: stat)
        #expect(DriveCounters(of: mount, root: root.path) == nil)
        #expect(DriveCounters(of: FootageMount(number: "9:9", source: "/dev/sdz1"), root: root.path) == nil)
    }
}
