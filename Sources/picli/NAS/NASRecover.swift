import ArgumentParser
import NAS
import Platform

struct NASRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring footage that lies on the card onto the drive.",
        discussion: """
            An older installation may have recorded to the card while no drive was there; what it left was set \
            aside, and 'picli nas status' tells of it. It is copied to a folder of its own beside those of the \
            cameras, and the card is freed when all of it is on the drive.

            Examples:
              picli nas recover --dry-run
              picli nas recover
            """
    )

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var options: NASOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let attendant = try NASOptions.attendant()
        let recovery = try await attendant.recovery(to: try options.unit().id)
        if dryRun {
            return try output.console.answer(
                PlanPreviewDocument(try PlanPreview(of: recovery.plan, on: PresentRoot(SystemRoot())), []))
        }
        try await Interruption.ends { try await attendant.carryOut(recovery) }
        try output.console.answer(RecoveryDocument(folder: recovery.target))
    }
}

/// The answer of `picli nas recover`.
struct RecoveryDocument: Answer {
    var schema = 1
    /// Where the footage is now.
    let folder: String

    func text(for terminal: Terminal) -> String { "The footage is in \(folder), and the card is free.\n" }
}
