import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The first boot of a card")
struct FirstBootTests {
    private static let table = ImageLayout(ImageRecipe(name: "picli"), for: .arm64).table
    /// Sectors of the card that the image was written to.
    private static let sectors: UInt64 = 8 << 21
    private static let attributes = "sys/devices/mmc/mmcblk0"

    private let folder = TemporaryDirectory()
    private var disk: String { "\(folder.path)/dev/mmcblk0" }

    /// A card as the kernel shows it, with an image's table at its start.
    private func partition() throws -> DataPartition {
        let last = try #require(Self.table.partitions.last)
        folder.write("\(Self.sectors)\n", to: "\(Self.attributes)/size")
        folder.write("\(last.count)\n", to: "\(Self.attributes)/mmcblk0p6/size")
        folder.write("", to: "dev/mmcblk0p6")
        for directory in ["dev/disk/by-partlabel", "sys/class/block"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(directory)", withIntermediateDirectories: true)
        }
        symlink("../../mmcblk0p6", "\(folder.path)/dev/disk/by-partlabel/data")
        symlink("../../devices/mmc/mmcblk0/mmcblk0p6", "\(folder.path)/sys/class/block/mmcblk0p6")
        let assembly = DiskAssembly(table: Self.table, output: disk, parts: [:])
        try DiskWriter.write(assembly)
        try FileManager.default.moveItem(atPath: assembly.partial, toPath: disk)
        truncate(disk, Int(Self.sectors) * 512)
        return try DataPartition(root: folder.path)
    }

    @Test("a system that was not booted from an image is told so")
    func noImage() {
        #expect { try DataPartition(root: folder.path) } throws: { ($0 as? Failure)?.code == "image.noData" }
    }

    @Test("the last partition reaches the end of the card, and sfdisk agrees")
    func grows() throws {
        let growth = TableGrowth(partition: try partition())
        #expect(growth.partition.disk == disk && growth.partition.sectors == Self.sectors)
        #expect(try !growth.isDone())
        try growth.carryOut()
        #expect(try growth.isDone())
        let last = try #require(try growth.partition.table().partitions.last)
        #expect(last.start + last.count > Self.sectors - 4096)
        let verified = try ForeignProgram.run("/usr/sbin/sfdisk", ["--verify", disk])
        #expect(verified.status == 0, "\(verified)")
    }

    @Test("a power cut between the table's two copies leaves the old one whole, and the next boot goes on")
    func cut() throws {
        let growth = TableGrowth(partition: try partition())
        let tail = Self.table.grown(to: Self.sectors).tail
        let file = try Descriptor(opening: disk, O_RDWR)
        try file.write(tail, at: Self.sectors * 512 - UInt64(tail.count))
        #expect(try growth.partition.table() == Self.table)
        #expect(try !growth.isDone())
        try growth.carryOut()
        #expect(try growth.isDone())
    }

    @Test("the first copy of the table changes within one block, which a power cut does not tear")
    func oneBlock() throws {
        let growth = TableGrowth(partition: try partition())
        let grown = Self.table.grown(to: Self.sectors)
        #expect(grown.head != Self.table.head)
        #expect(grown.head.dropFirst(TableGrowth.block) == Self.table.head.dropFirst(TableGrowth.block))
        try growth.carryOut()
        #expect(try growth.partition.table() == grown)
    }

    /// What the programs of the first boot leave behind.
    private static func play(_ command: Command, in folder: TemporaryDirectory) throws -> CommandResult? {
        switch command.program {
        case "partx":
            let grown = try #require(Self.table.grown(to: sectors).partitions.last)
            folder.write("\(grown.count)\n", to: "\(attributes)/mmcblk0p6/size")
        case "ssh-keygen":
            for kind in ["ecdsa", "ed25519", "rsa"] { folder.write("key\n", to: "etc/ssh/ssh_host_\(kind)_key") }
        case "resize2fs", "sync": break
        default: return nil
        }
        return CommandResult()
    }

    @Test("all of it is done once, and nothing at a later boot")
    func once() async throws {
        let partition = try partition()
        let root = try SystemRoot(folder.path)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { [folder] in
            try Self.play($0, in: folder)
        }
        func boot() async throws -> [String] {
            let first = try FirstBootPlan(of: partition, root: root, commands: commands)
            let runner = PlanRunner(root: root, journal: FirstBootPlan.journal, commands: commands, work: first.work)
            return try await runner.run(first.plan).entries.filter { $0.outcome == .changed }.map(\.id)
        }
        // The file system that stands in for the card's own is larger than any card.
        #expect(try await boot() == ["data.table", "data.partition", "ssh.keys"])
        #expect(commands.ran.first == "partx --update --nr 6 \(disk)")
        #expect(try await boot().isEmpty)
        // A power cut took what ssh-keygen had not written yet.
        folder.write("", to: "etc/ssh/ssh_host_rsa_key")
        #expect(try await boot() == ["ssh.keys"])
    }

    @Test("relays come first, by a copy that starts nothing else")
    func relays() throws {
        let root = try SystemRoot(folder.path)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }, answer: { _ in nil })
        let plan = try FirstBootPlan(of: try partition(), root: root, commands: commands, relays: [1]).plan
        #expect(plan.steps.map(\.id).prefix(3) == ["relays.site", "relays.start", "data.table"])
        #expect(plan.steps.first?.path == "/var/lib/picli-relays/site.yaml")
        #expect(!plan.steps.contains { $0.path?.hasPrefix("/etc/picli") == true })
    }

    @Test("a carried card is taken over, and erased")
    func card() throws {
        let root = try SystemRoot(folder.path)
        let card = CarriedCard(in: root)
        #expect(try card.archive() == nil)
        let archive = CardArchive(site: Array("site: { name: X }\n".utf8), authorizedKeys: Array("key\n".utf8))
        folder.write("", to: "etc/ssh/sshd_config")
        folder.write("", to: "bootconfig/README.txt")
        try Data(archive.bytes()).write(to: URL(filePath: "\(folder.path)\(FirstBootPlan.archive)"))
        #expect(try card.archive() == archive)
        try card.installKeys(of: archive)
        let keys = "/etc/ssh/authorized_keys.d/technician"
        #expect(try root.content(of: keys) == Array("key\n".utf8))
        #expect(root.permissions(of: keys) == 0o644)
        try card.erase()
        #expect(!root.exists(FirstBootPlan.archive))
        try card.erase()
        folder.write("no archive", to: String(FirstBootPlan.archive.dropFirst()))
        #expect(throws: Failure.self) { try card.archive() }
    }
}
