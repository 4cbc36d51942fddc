import Platform
import Site
import TestSupport
import Testing

@testable import NAS

@Suite("The plan that puts a drive into its place")
struct AttachPlanTests {
    private func plan(
        _ fileSystem: DriveFileSystem, reading: String? = nil, replaced: FootageMount? = nil,
        point: MountPoint = MountPoint()
    ) throws -> Plan {
        let device = BlockDevice(
            "sda1", number: "8:1", size: 1 << 30, fileSystem: fileSystem.rawValue, label: "$(reboot)\n../..",
            uuid: "5B0F-2D91")
        return try AttachPlan(
            DriveVolume(device, fileSystem, replaced: replaced), reading: reading,
            marker: DriveMarker(unit: try DriveFixtures.unit("pi-7k3m92qf"), deployment: "acme"),
            cameras: ["front", "rear"], owner: AtomicFile.Owner(user: 993, group: 994), point: point
        ).plan
    }

    private func mounting(_ plan: Plan) throws -> Command {
        let step = try #require(plan.steps.first { $0.id == "mount" })
        guard case .command(let command) = step.action else { throw CancellationError() }
        return command.command
    }

    private static func command(_ step: PlanStep) -> Command? {
        if case .command(let command) = step.action { command.command } else { nil }
    }

    @Test("mounts by UUID, with no rights for what is on it", arguments: DriveFileSystem.allCases)
    func mount(fileSystem: DriveFileSystem) throws {
        let command = try mounting(plan(fileSystem))
        #expect(command.arguments.suffix(2) == ["UUID=5B0F-2D91", "/srv/camera"])
        let options = command.arguments[3].split(separator: ",")
        for option in ["rw", "nosuid", "nodev", "noexec", "noatime"] { #expect(options.contains(Substring(option))) }
        #expect(options.contains("uid=993") == !fileSystem.hasOwners)
        #expect(!options.contains { $0.hasPrefix("umask") })
        #expect(command.arguments[1] == (fileSystem == .ntfs ? "ntfs-3g" : fileSystem.rawValue))
    }

    @Test("what is written on the drive is in no command and no path", arguments: DriveFileSystem.allCases)
    func label(fileSystem: DriveFileSystem) throws {
        let text = try PlanPreview(of: plan(fileSystem), on: MemoryState()).text
        #expect(!text.contains("reboot"))
    }

    @Test("makes a folder for each camera below the unit's own, after the mount")
    func folders() throws {
        let steps = try plan(.ext4).steps
        #expect(
            steps.map(\.id) == [
                "point", "point.guard", "mount", "mount.proof", "drive.root", "footage", "footage.unit", "marker",
                "footage.camera.1", "footage.camera.2", "unit",
            ])
        #expect(steps.compactMap(\.path).contains("/srv/camera/footage/pi-7k3m92qf/rear"))
        #expect(!(try plan(.exfat).steps.contains { $0.id == "drive.root" }))
    }

    @Test("writes nothing to a drive that is only read")
    func reading() throws {
        let plan = try plan(.vfat, reading: "it is damaged")
        #expect(try mounting(plan).arguments[3].hasPrefix("ro,"))
        #expect(plan.steps.map(\.id) == ["point", "point.guard", "mount", "mount.proof", "unit"])
    }

    @Test("no link on a drive leads out of it, before anything is written", arguments: DriveFileSystem.allCases)
    func links(fileSystem: DriveFileSystem) throws {
        let steps = try plan(fileSystem).steps
        let last = try #require(steps.prefix { $0.id != MountProof.step }.last)
        #expect(last.id == (fileSystem == .ntfs ? "mount.links" : "mount"))
        let command = try #require(Self.command(last))
        #expect(command.arguments.contains { $0.split(separator: ",").contains("nosymfollow") })
        #expect(command.arguments.contains("/srv/camera"))
    }

    @Test("nothing is written where another device than the one that was decided about is mounted")
    func proof() throws {
        func proof(_ table: String) -> MountProof {
            MountProof(path: "/dev/sda1") { MountTable(mountinfo: table) }
        }
        let below = "1 2 8:1 / /srv/camera rw - ext4 /dev/sda1 rw\n"
        #expect(try proof(below).isDone())
        for other in ["", "1 2 8:1 / /mnt rw - ext4 /dev/sda1 rw\n", below + below.replacing("sda1", with: "sdb1")] {
            #expect(throws: Failure.self) { try proof(other).isDone() }
        }
    }

    @Test("a look runs into no panic that a drive asks for, and changes nothing")
    func looking() {
        for fileSystem in DriveFileSystem.allCases {
            let options = fileSystem.lookingOptions.split(separator: ",")
            #expect(options.first == "ro" && !options.contains("rw"))
            #expect((options.contains("errors=remount-ro") && options.contains("noload")) == (fileSystem == .ext4))
        }
    }

    @Test("takes down first what was pulled out")
    func replaced() throws {
        let steps = try plan(.ext4, replaced: FootageMount(number: "8:17", source: "/dev/sdb1")).steps
        #expect(steps.prefix(2).map(\.id) == ["share.close", "unmount"])
    }

    @Test("a drive that was pulled out is out of sight before anybody is asked to let go of it")
    func detaching() throws {
        #expect(try DetachPlan(isGone: false).plan.steps.map(\.id) == ["share.close", "unmount"])
        #expect(try DetachPlan(isGone: true).plan.steps.map(\.id) == ["unmount", "share.close"])
    }

    @Test("sets aside what lies below the mount point, and deletes nothing")
    func found() throws {
        let steps = try plan(.ext4, point: MountPoint(mode: 0o755, isEmpty: false)).steps
        #expect(steps.prefix(4).map(\.id) == ["point.open", "point.found", "point", "point.guard"])
        #expect(!steps.contains { if case .absent = $0.action { true } else { false } })
        #expect(try plan(.ext4, point: MountPoint(mode: 0o755)).steps.map(\.id).prefix(2) == ["point.open", "point"])
        #expect(try plan(.ext4, point: MountPoint(mode: nil)).steps[0].id == "point")
    }

    @Test("footage on the card is on the drive before the card is freed")
    func recovery() throws {
        let unit = try DriveFixtures.unit("pi-7k3m92qf")
        let recovery = try RecoveryPlan(to: unit, hasOwners: true, source: "/dev/sda1")
        #expect(recovery.target == "/srv/camera/footage/pi-7k3m92qf/found-on-card")
        #expect(
            recovery.plan.steps.map(\.id) == ["folder", "copy", "owner", "mode", "name", "sync", "sync.drive", "card"])
        #expect(Self.command(recovery.plan.steps[6])?.arguments == ["/dev/sda1"])
        let other = try RecoveryPlan(to: unit, hasOwners: false, source: "/dev/sda1")
        #expect(other.plan.steps.map(\.id) == ["folder", "copy", "name", "sync", "sync.drive", "card"])
        // What an earlier one has brought stays as it is.
        let taken = [recovery.target, recovery.target + "-2"]
        let third = try RecoveryPlan(to: unit, hasOwners: false, source: "/dev/sda1") { taken.contains($0) }
        #expect(third.target == recovery.target + "-3")
        #expect(third.plan.steps.compactMap(\.path) == ["/srv/camera/footage/pi-7k3m92qf/.found-on-card"])
    }

    @Test("formatting forgets all, and makes one partition that fits every computer or none is lost on")
    func format() throws {
        let disk = DriveFixtures.plain("sda", "8:0")
        for kind in FormatPlan.Kind.allCases {
            let plan = try FormatPlan(disk, as: kind, isMounted: true)
            #expect(plan.partition == "sda1")
            #expect(
                plan.plan.steps.map(\.id) == [
                    "share.close", "unmount", "wipe", "table", "settle", "format", "settle.again",
                ])
            // What the kernel says is in use stays as it is.
            #expect(!plan.plan.steps.contains { Self.command($0)?.arguments.contains("--force") == true })
        }
        var full = disk
        full.isReadOnly = true
        #expect(throws: Failure.self) { try FormatPlan.disk("sda", in: BlockDevices(disks: [full])) }
    }
}
