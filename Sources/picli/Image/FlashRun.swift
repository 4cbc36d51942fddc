import Platform
import Provision
import Site

/// Writes an image onto one disk.
struct FlashRun: Sendable {
    let file: ImageFile
    let console: Console

    /// What would be done, or nil after it was.
    ///
    /// - Parameter isAnswered: Nobody is asked whether what is on the disk may be lost.
    func run(
        onto path: String, card: CardArchive?, isAnswered: Bool, isDry: Bool = false
    ) async throws -> PlanPreviewDocument? {
        let commands = LinuxCommandRunner()
        let disk = try await FlashDisk(at: path, commands: commands)
        let progress = FlashProgress(console)
        let flash = try FlashPlan(
            file, onto: disk, card: card, commands: commands, progress: { progress.show($0, $1) })
        let root = try SystemRoot()
        if card != nil { try FlashPlan.requireTools() }
        if isDry { return PlanPreviewDocument(try PlanPreview(of: flash.plan, on: PresentRoot(root))) }
        try FlashQuestion(console).ask(disk, isAnswered: isAnswered)
        let runner = PlanRunner(
            root: root, journal: flash.journal, commands: commands, work: flash.work,
            progress: { progress.show($0) })
        _ = try await Interruption.ends { try await runner.run(flash.plan) }
        return nil
    }
}
