public import Platform

/// Makes a disk the card of an image, and of a unit.
public struct FlashPlan: Sendable {
    public let plan: Plan
    public let work: [String: any PlanWork]
    /// Of this disk alone; it lives until the next start.
    public let journal: String

    /// - Parameters:
    ///   - card: What makes it the card of a unit; nil for one that anybody may set up.
    ///   - progress: Of writing and reading: bytes that are done, and all.
    /// - Throws: The refusal of the disk (`flash.…`); `image.layout`; `image.path`.
    public init(
        _ image: ImageFile, onto disk: FlashDisk, card: CardArchive?, commands: any CommandRunner,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) throws(Failure) {
        if let refusal = disk.refusal(for: image.identity.size) { throw refusal }
        let writer = CardWriter(image: image, disk: disk.path, progress: progress)
        var steps = [
            PlanStep("flash.disk", "Make sure that \(disk.path) is still the same disk.", .work),
            PlanStep("flash.write", "Write the image onto \(disk.path).", .work),
            PlanStep("flash.read", "Read it back, and compare.", .work),
        ]
        var work: [String: any PlanWork] = [
            "flash.disk": SameDiskWork(disk: disk, needed: image.identity.size, commands: commands),
            "flash.write": CardWork { try writer.write() }, "flash.read": CardWork { try writer.readBack() },
        ]
        if let card {
            steps.append(PlanStep("flash.card", "Give it what makes it the card of a unit.", .work))
            work["flash.card"] = CarryingWork(
                place: try Self.place(of: image, on: disk), bytes: try card.bytes(), commands: commands)
        }
        // Busy for a moment, while others look at what is new: they read the table by themselves.
        let reread = Command("blockdev", ["--rereadpt", disk.path], expected: [0, 1])
        steps.append(
            PlanStep(
                "flash.table", "Have the kernel read its table.",
                .command(PlanCommand(reread, after: ["flash.write"]))))
        plan = try Plan(steps)
        self.work = work
        journal = "/run/picli-flash/\(disk.path.split(separator: "/").last ?? "disk")"
    }

    /// Looked for before anything is lost: what puts the archive onto a card.
    ///
    /// - Parameter root: Of the tree that programs are looked for in, for tests.
    /// - Throws: `flash.noTools`.
    public static func requireTools(root: String = "") throws(Failure) {
        guard !Command.searchPath.contains(where: { FileKind(of: "\(root)\($0)/mcopy") == .regular }) else { return }
        throw Failure(
            "flash.noTools", "This machine lacks what hands a card to its unit: mtools.",
            hint: "apt-get install --no-install-recommends mtools")
    }

    /// Where the partition that carries it begins, as mtools names it.
    private static func place(of image: ImageFile, on disk: FlashDisk) throws(Failure) -> String {
        let identity = image.identity
        let partition = identity.partitions.first { $0.name == identity.provisioning.partition }
        guard let partition, identity.provisioning.schema == 1 else {
            throw Failure(
                "image.layout", "This picli does not know how a card of \(image.path) is made the card of a unit.",
                hint: "flash it with the picli that made it", status: .usage)
        }
        return "\(disk.path)@@\(partition.start * UInt64(PartitionTable.sectorSize))"
    }
}

/// A step of writing that is done anew in every run.
private struct CardWork: PlanWork {
    let body: @Sendable () throws -> Void

    func isDone() -> Bool { false }
    func carryOut() throws { try body() }
}

/// Whoever was asked may have taken long, and put another disk into the same place.
private struct SameDiskWork: PlanWork {
    let disk: FlashDisk
    let needed: UInt64
    let commands: any CommandRunner

    func isDone() -> Bool { false }

    func carryOut() async throws {
        let found = try await FlashDisk(at: disk.path, commands: commands)
        if let refusal = found.refusal(for: needed) { throw refusal }
        guard found == disk else {
            throw Failure(
                "flash.changed", "At \(disk.path) is not the disk any more that was there a moment ago.",
                hint: "the same command again, and look at what it names", status: .usage)
        }
    }
}

/// Puts the archive onto the card's first partition, and reads it back; no file of this machine ever holds it.
private struct CarryingWork: PlanWork {
    let place: String
    let bytes: [UInt8]
    let commands: any CommandRunner

    func isDone() -> Bool { false }

    func carryOut() async throws {
        let name = "::\(CardArchive.fileName)"
        _ = try await commands.run(Command("mcopy", ["-o", "-i", place, "-", name], input: bytes))
        _ = try await commands.run(
            Command("sync", [String(place.prefix { $0 != "@" })], timeout: .seconds(120)))
        let back = try await commands.run(Command("mcopy", ["-i", place, name, "-"], outputLimit: bytes.count + 1))
        guard back.output == bytes else {
            throw Failure(
                "flash.differs", "What the card carries cannot be read back from it.", hint: "take another card")
        }
    }
}
