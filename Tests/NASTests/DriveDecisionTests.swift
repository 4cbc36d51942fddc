import Platform
import Site
import Testing

@testable import NAS

@Suite("What is done with a drive")
struct DriveDecisionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let name: String
        let disks: [BlockDevice]
        var mounted: FootageMount?
        var second = StorageConfiguration.SecondDrive.wait
        let code: String
    }

    private typealias Make = DriveFixtures

    static let cases: [Case] = {
        let clean = Make.plain("sda", "8:0")
        let second = Make.plain("sdb", "8:16")
        let inPlace = FootageMount(number: "8:1", source: "/dev/sda1")
        let efi = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
        let mac = Make.disk(
            "sda", [Make.part("sda1", "8:1", size: 200 << 20, type: efi, fileSystem: "vfat"), Make.part("sda2", "8:2")])
        let many = Make.disk(
            "sda",
            [
                Make.part("sda1", "8:1", size: 1 << 30), Make.part("sda2", "8:2", size: 2 << 30),
                Make.part("sda3", "8:3", size: 3 << 30, fileSystem: "btrfs"),
            ])
        let equal = Make.disk("sda", [Make.part("sda1", "8:1"), Make.part("sda2", "8:2")])
        let root = Make.disk("sda", [Make.part("sda1", "8:1"), Make.part("sda2", "8:2", points: ["/"])])
        let swap = Make.disk("sda", [Make.part("sda1", "8:1"), Make.part("sda2", "8:2", points: ["[SWAP]"])])
        let hidden = Make.disk("sda", [Make.part("sda1", "8:1", points: ["/media/root-ro"])])
        let array = BlockDevice("md0", number: "9:0", kind: .built, size: 1 << 30)
        let raid = Make.disk("sda", [Make.part("sda1", "8:1", fileSystem: "linux_raid_member", [array])])
        let twins = [
            Make.disk("sda", [Make.part("sda1", "8:1", uuid: "same")]),
            Make.disk("sdb", [Make.part("sdb1", "8:17", uuid: "same")]),
        ]
        return [
            Case(testDescription: "a clean partition", name: "sda1", disks: [clean], code: "use"),
            Case(testDescription: "by its path", name: "/dev/sda1", disks: [clean], code: "use"),
            Case(testDescription: "the disk of a partition", name: "sda", disks: [clean], code: "nas.partitioned"),
            Case(
                testDescription: "no table", name: "sda", disks: [Make.disk("sda", fileSystem: "exfat", uuid: "1")],
                code: "use"),
            Case(testDescription: "nothing at all", name: "sda", disks: [Make.disk("sda")], code: "nas.unformatted"),
            Case(testDescription: "no medium", name: "sda", disks: [Make.disk("sda", size: 0)], code: "nas.noMedium"),
            Case(testDescription: "not there", name: "sdz1", disks: [clean], code: "nas.gone"),
            Case(
                testDescription: "a path that leads elsewhere", name: "../../etc/passwd", disks: [clean],
                code: "nas.gone"),
            Case(testDescription: "EFI beside the files", name: "sda1", disks: [mac], code: "nas.otherPartition"),
            Case(testDescription: "the files beside EFI", name: "sda2", disks: [mac], code: "use"),
            Case(testDescription: "the smaller of several", name: "sda1", disks: [many], code: "nas.otherPartition"),
            Case(testDescription: "the largest that can be used", name: "sda2", disks: [many], code: "use"),
            Case(testDescription: "larger, of no use", name: "sda3", disks: [many], code: "nas.otherPartition"),
            Case(testDescription: "the first of equals", name: "sda1", disks: [equal], code: "use"),
            Case(testDescription: "the second of equals", name: "sda2", disks: [equal], code: "nas.otherPartition"),
            Case(
                testDescription: "btrfs", name: "sda1", disks: [Make.plain("sda", "8:0", fileSystem: "btrfs")],
                code: "nas.fileSystem"),
            Case(
                testDescription: "no file system in the partition", name: "sda1",
                disks: [Make.plain("sda", "8:0", fileSystem: nil)], code: "nas.unformatted"),
            Case(testDescription: "the system boots from it", name: "sda1", disks: [root], code: "nas.inUse"),
            Case(testDescription: "swap is on it", name: "sda1", disks: [swap], code: "nas.inUse"),
            Case(testDescription: "the root below an overlay", name: "sda1", disks: [hidden], code: "nas.inUse"),
            Case(testDescription: "part of an array", name: "sda1", disks: [raid], code: "nas.inUse"),
            Case(testDescription: "the array itself", name: "md0", disks: [raid], code: "nas.inUse"),
            Case(
                testDescription: "not on USB", name: "sda1",
                disks: [Make.disk("sda", isOnUSB: false, [Make.part("sda1", "8:1")])], code: "nas.notUSB"),
            Case(testDescription: "in place already", name: "sda1", disks: [clean], mounted: inPlace, code: "in place"),
            Case(
                testDescription: "a second one waits", name: "sdb1", disks: [clean, second], mounted: inPlace,
                code: "nas.waits"),
            Case(
                testDescription: "a second one replaces", name: "sdb1", disks: [clean, second], mounted: inPlace,
                second: .replace, code: "replace"),
            Case(
                testDescription: "the first was pulled out", name: "sdb1", disks: [second], mounted: inPlace,
                code: "replace"),
            Case(testDescription: "a copy of another", name: "sdb1", disks: twins, code: "nas.twin"),
            Case(
                testDescription: "a server is mounted there by somebody", name: "sda1", disks: [clean],
                mounted: FootageMount(number: "0:52", source: "nas:/footage", type: "nfs4"), second: .replace,
                code: "nas.taken"),
            Case(
                testDescription: "a disk of the system's is mounted there by somebody", name: "sda1",
                disks: [clean, Make.disk("sdb", number: "8:16", isOnUSB: false, [Make.part("sdb1", "8:17")])],
                mounted: FootageMount(number: "8:17", source: "/dev/sdb1"), second: .replace, code: "nas.taken"),
        ]
    }()

    @Test(arguments: cases)
    func decision(_ test: Case) {
        let devices = BlockDevices(disks: test.disks)
        let decision = DriveDecision(test.name, in: devices, mounted: test.mounted, second: test.second)
        #expect(DriveFixtures.code(decision) == test.code)
    }

    @Test("what lsblk says of a drive with a hostile label, of an encrypted root, and of the card")
    func lsblk() throws {
        let file = #filePath.replacing("DriveDecisionTests.swift", with: "Fixtures/lsblk-hostile.json")
        let devices = try BlockDevices(lsblk: try SmallFile.bytes(at: file))
        let hostile = try #require(devices.device("sda2"))
        #expect(hostile.isOnUSB && hostile.label == "../../etc\n; reboot")
        #expect(DriveFixtures.code(DriveDecision("sda2", in: devices, mounted: nil, second: .wait)) == "use")
        #expect(
            DriveFixtures.code(DriveDecision("sda1", in: devices, mounted: nil, second: .wait)) == "nas.otherPartition")
        #expect(DriveFixtures.code(DriveDecision("sdb1", in: devices, mounted: nil, second: .wait)) == "nas.inUse")
        #expect(
            DriveFixtures.code(DriveDecision("mmcblk0p2", in: devices, mounted: nil, second: .wait)) == "nas.notUSB")
        for name in ["sdb", "mmcblk0"] {
            #expect(throws: Failure.self) { try FormatPlan.disk(name, in: devices) }
        }
        #expect(try FormatPlan.disk("sda2", in: devices).name == "sda")
    }

    @Test(
        "bytes that are no answer of lsblk are an error",
        arguments: ["", "{", "[]", #"{"blockdevices":{}}"#, #"{"blockdevices":[{"kname":"sda"}]}"#, "\u{0}\u{1}"])
    func garbage(text: String) {
        #expect(throws: Failure.self) { try BlockDevices(lsblk: Array(text.utf8)) }
    }

    @Test("labels are cut and defused before they are shown")
    func labels() {
        #expect("a\u{1B}[2Jb\n".plain == "a\u{FFFD}[2Jb\u{FFFD}")
        #expect(String(repeating: "x", count: 255).plain.count == 65)
        #expect("\u{202E}evil".plain == "\u{FFFD}evil")
    }
}
