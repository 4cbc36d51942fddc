import Platform
import TestSupport
import Testing

@testable import NAS

@Suite("What a person is asked about before a drive is erased, and before one is stopped")
struct FormatOrderTests {
    private func order(
        _ disk: BlockDevice, as name: String = "sda1", sequence: String? = "7"
    ) throws -> FormatOrder {
        try FormatOrder(name, as: .ext4, in: BlockDevices(disks: [disk])) { _ in sequence }
    }

    @Test("a drive that was put into its place meanwhile is the same one")
    func same() throws {
        let asked = try order(DriveFixtures.plain("sda", "8:0"))
        var attached = DriveFixtures.plain("sda", "8:0")
        attached.children[0].mountPoints = ["/srv/camera"]
        let present = try order(attached)
        try asked.confirm(present)
        // It is unmounted first.
        #expect(asked.plan.plan.steps.first?.id == "wipe")
        #expect(present.plan.plan.steps.first?.id == "share.close")
    }

    @Test("another drive of that name, or another content, is not erased")
    func changed() throws {
        let asked = try order(DriveFixtures.plain("sda", "8:0"))
        var other = DriveFixtures.plain("sda", "8:0")
        other.serial = "4711"
        var refilled = DriveFixtures.plain("sda", "8:0")
        refilled.children[0].uuid = "another"
        for present in [
            try order(other), try order(refilled), try order(DriveFixtures.plain("sda", "8:0"), sequence: "8"),
            try order(DriveFixtures.disk("sda"), as: "sda"),
        ] {
            #expect(throws: Failure.self) { try asked.confirm(present) }
        }
    }

    @Test("who was asked by another process gives back a seal that no other drive, content or kind has")
    func seal() throws {
        let asked = try order(DriveFixtures.plain("sda", "8:0"))
        var attached = DriveFixtures.plain("sda", "8:0")
        attached.children[0].mountPoints = ["/srv/camera"]
        #expect(try order(attached).seal == asked.seal)
        var other = DriveFixtures.plain("sda", "8:0")
        other.serial = "4711"
        var refilled = DriveFixtures.plain("sda", "8:0")
        refilled.children[0].label = "holidays"
        let others = [
            try order(other), try order(refilled), try order(DriveFixtures.plain("sda", "8:0"), sequence: "8"),
            try order(DriveFixtures.disk("sda"), as: "sda"),
            try FormatOrder("sda", as: .exfat, in: BlockDevices(disks: [DriveFixtures.plain("sda", "8:0")])) { _ in "7"
            },
        ]
        #expect(Set(others.map(\.seal) + [asked.seal]).count == others.count + 1)
    }

    @Test("a drive of which another partition is in use, and a disk of the system's, are not stopped")
    func stop() throws {
        var disk = DriveFixtures.disk(
            "sda", [DriveFixtures.part("sda1", "8:1", points: ["/srv/camera"]), DriveFixtures.part("sda2", "8:2")])
        try DriveStop.check(disk)
        disk.children[1].mountPoints = ["/media/photos"]
        let used = disk
        let inUse = #expect(throws: Failure.self) { try DriveStop.check(used) }
        #expect(inUse?.code == "nas.inUse")
        let own = DriveFixtures.disk("sda", isOnUSB: false, [DriveFixtures.part("sda1", "8:1")])
        let notUSB = #expect(throws: Failure.self) { try DriveStop.check(own) }
        #expect(notUSB?.code == "nas.notUSB")
    }
}
