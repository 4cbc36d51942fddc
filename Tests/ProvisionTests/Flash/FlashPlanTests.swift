import Foundation
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Provision

@Suite("The plan of a card")
struct FlashPlanTests {
    private let folder = TemporaryDirectory()

    /// What lsblk would tell of a file that stands for a disk.
    private func listing(_ size: UInt64, model: String = "SD/MMC", mount: String = "null") -> [UInt8] {
        let text = """
            {"blockdevices":[{"path":"\(folder.path)/disk", "type":"disk", "size":\(size), "ro":false, "model":"\(model)",
             "ptuuid":"0b8b", "mountpoints":[\(mount)]}]}
            """
        return Array(text.utf8)
    }

    private func disk(_ size: UInt64) throws -> FlashDisk {
        try Data(count: Int(size)).write(to: URL(filePath: "\(folder.path)/disk"))
        return try FlashDisk(listing: listing(size), of: "disk")
    }

    @Test("writes, reads back, and hands the card what makes it a unit's, which no file and no argument holds")
    func whole() async throws {
        let image = try ImageSample.make(in: folder)
        let disk = try disk(image.identity.size + 4 << 20)
        let card = CardArchive(site: Array("site: { name: X }\n".utf8), secrets: Array("mail: secret\n".utf8))
        let carried = Mutex<[UInt8]>([])
        let listing = listing(disk.size)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            guard command.program == "mcopy" else {
                return CommandResult(output: command.program == "lsblk" ? listing : [])
            }
            if let input = command.input { carried.withLock { $0 = input } }
            return CommandResult(output: command.arguments.last == "-" ? carried.withLock { $0 } : [])
        }
        let flash = try FlashPlan(image, onto: disk, card: card, commands: commands, progress: { _, _ in })
        let root = try SystemRoot(folder.path)
        let runner = PlanRunner(root: root, journal: flash.journal, commands: commands, work: flash.work)
        let report = try await runner.run(flash.plan)
        #expect(report.entries.map(\.id) == ["flash.disk", "flash.write", "flash.read", "flash.card", "flash.table"])
        #expect(try CardArchive(carried.withLock { $0 }) == card)
        let place = "\(disk.path)@@\(8192 * 512)"
        #expect(
            commands.ran.filter { !$0.hasPrefix("lsblk ") } == [
                "mcopy -o -i \(place) - ::picli-card.tar", "sync \(disk.path)", "mcopy -i \(place) ::picli-card.tar -",
                "blockdev --rereadpt \(disk.path)",
            ])
        // Another run does all of it again: it may be another card.
        #expect(try await runner.run(flash.plan).entries.first?.outcome == .changed)
    }

    @Test("another disk at the same place, or one that somebody has mounted meanwhile, is left as it is")
    func changed() async throws {
        let image = try ImageSample.make(in: folder)
        let disk = try disk(image.identity.size)
        let others = [
            (listing(disk.size, model: "Photos"), "flash.changed"),
            (listing(disk.size, mount: "\"/media/photos\""), "flash.mounted"),
        ]
        for (listing, code) in others {
            let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { _ in
                CommandResult(output: listing)
            }
            let flash = try FlashPlan(image, onto: disk, card: nil, commands: commands, progress: { _, _ in })
            let runner = PlanRunner(
                root: try SystemRoot(folder.path), journal: flash.journal, commands: commands, work: flash.work)
            await #expect {
                try await runner.run(flash.plan)
            } throws: { ($0 as? Failure)?.code == code }
            #expect(commands.ran.count == 1)
            #expect(try Data(contentsOf: URL(filePath: disk.path)).allSatisfy { $0 == 0 })
        }
    }

    @Test("a card that does not give back what it was given is told")
    func differs() async throws {
        let image = try ImageSample.make(in: folder)
        let listing = listing(image.identity.size)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            CommandResult(output: command.program == "lsblk" ? listing : [])
        }
        let flash = try FlashPlan(
            image, onto: try disk(image.identity.size), card: CardArchive(site: [1]), commands: commands,
            progress: { _, _ in })
        let runner = PlanRunner(
            root: try SystemRoot(folder.path), journal: flash.journal, commands: commands, work: flash.work)
        await #expect {
            try await runner.run(flash.plan)
        } throws: { ($0 as? Failure)?.code == "flash.differs" }
    }

    @Test("what hands a card to its unit is looked for before anything is lost")
    func tools() throws {
        #expect {
            try FlashPlan.requireTools(root: folder.path)
        } throws: { error in
            let failure = error as? Failure
            return failure?.code == "flash.noTools" && failure?.hint?.hasSuffix(" mtools") == true
        }
        folder.write("", to: "usr/bin/mcopy")
        try FlashPlan.requireTools(root: folder.path)
    }

    @Test("a disk that may not be written onto has no plan")
    func refused() throws {
        let image = try ImageSample.make(in: folder)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }, answer: { _ in nil })
        let small = try disk(1 << 20)
        #expect {
            try FlashPlan(image, onto: small, card: nil, commands: commands, progress: { _, _ in })
        } throws: { ($0 as? Failure)?.code == "flash.tooSmall" }
    }
}
