import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import NAS

@Suite("The attendant of drives")
struct DriveAttendantTests {
    private func attendant(_ root: TemporaryDirectory, _ commands: ScriptedCommands) throws -> DriveAttendant {
        DriveAttendant(root: try SystemRoot(root.path), commands: commands)
    }

    private func policy() throws -> DriveAttendant.Policy {
        DriveAttendant.Policy(
            storage: StorageConfiguration(), cameras: ["front"], unit: try DriveFixtures.unit("pi-7k3m92qf"),
            deployment: nil)
    }

    @Test(
        "names that the kernel gives no drive are refused before anything is asked or written",
        arguments: [
            "", "../../etc/passwd", "/dev/../sda1", "sda1\n", "sda 1", "$(reboot)", String(repeating: "a", count: 33),
        ])
    func names(name: String) async throws {
        let root = TemporaryDirectory()
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { _ in nil }
        let attendant = try attendant(root, commands)
        let policy = try policy()
        await #expect(throws: Failure.self) { try await attendant.attach(name, by: policy) }
        try await attendant.detach(name)
        #expect(!(try SmallFile.names(in: root.path).contains("etc")))
        #expect(commands.ran.isEmpty)
    }

    @Test("what was decided about a drive is kept for those who ask, until the drive is gone")
    func records() async throws {
        let root = TemporaryDirectory()
        root.write("", to: "run/x")
        let disks =
            #"{"blockdevices":[{"kname":"zz9","maj:min":"8:0","type":"disk","tran":"usb","ro":false,"size":0}]}"#
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            CommandResult(status: 0, output: command.program == "lsblk" ? Array(disks.utf8) : [])
        }
        let attendant = try attendant(root, commands)
        #expect(try await attendant.attach("/dev/zz9", by: try policy()).code == "nas.noMedium")
        let records = DriveRecords(try SystemRoot(root.path))
        #expect(records.all().map(\.outcome) == [.left])
        root.write("{", to: "run/picli-nas/torn.json")
        #expect(records.all().count == 1)
        try await attendant.detach("zz9")
        #expect(records.all().isEmpty)
    }

    @Test("a share that nobody can close does not keep the drive in its place")
    func closing() async throws {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            #expect(command.program == "smbcontrol" && command.arguments.last == "*")
            throw SystemError(2, "start smbcontrol")
        }
        await ShareClosing(commands: commands).carryOut()
        #expect(commands.ran.count == 1)
    }

    @Test("a drive that was formatted is left to its own unit, which finds nobody in its way")
    func format() async throws {
        let directory = TemporaryDirectory()
        directory.write("", to: "run/x")
        let root = try SystemRoot(directory.path)
        let outcomes = Mutex<[DriveRecord.Outcome?]>([.attached, .failed, nil])
        let serial = Mutex("one")
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            guard command.program == "systemctl" else {
                #expect(command.program == "lsblk")
                return CommandResult(output: Array(Self.stick(serial: serial.withLock { $0 }).utf8))
            }
            #expect(command.arguments == ["restart", "picli-nas@sda1.service"])
            #expect((try? root.lock(directory: DriveRecords.folder)) != nil)
            let outcome = outcomes.withLock { $0.removeFirst() }
            if let outcome {
                try? DriveRecords(root).put(
                    DriveRecord("sda1", outcome, outcome == .failed ? DriveReason("nas.x", "No.") : nil))
            }
            return CommandResult(status: 0)
        }
        let attendant = try attendant(directory, commands)
        let order = try await attendant.format("sda", as: .ext4)
        #expect(try await attendant.carryOut(order).outcome == .attached)
        #expect(await #expect(throws: Failure.self) { try await attendant.carryOut(order) }?.code == "nas.x")
        #expect(await #expect(throws: Failure.self) { try await attendant.carryOut(order) }?.code == "nas.place")
        let drives = AttendedDrives(attendant)
        let offer = try await drives.offer("sda1", as: .ext4)
        #expect(offer.disk == "sda" && offer.name == "one" && !offer.isInPlace)
        // Another drive has come by that name since the person was asked.
        serial.withLock { $0 = "two" }
        let refused = await #expect(throws: Failure.self) {
            try await drives.format("sda1", as: .ext4, seal: offer.seal)
        }
        #expect(refused?.code == "nas.changed")
        let failure = await #expect(throws: Failure.self) { try await attendant.carryOut(order) }
        #expect(failure?.code == "nas.changed")
        #expect(commands.ran.count { $0.hasPrefix("systemctl") } == 3)
    }

    /// What lsblk says of a stick with one partition.
    private static func stick(serial: String) -> String {
        """
        {"blockdevices":[{"kname":"sda","maj:min":"8:0","type":"disk","tran":"usb","ro":false,"size":64000000000,
          "serial":"\(serial)","children":[{"kname":"sda1","maj:min":"8:1","type":"part","ro":false,"size":63000000000}]}]}
        """
    }
}
