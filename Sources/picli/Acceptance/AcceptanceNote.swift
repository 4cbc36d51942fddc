import ArgumentParser
import Platform
import Provision

struct AcceptanceNote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Record what somebody has seen at the board.",
        discussion: """
            For one item of the list, where no terminal asks. What picli sees by itself cannot be noted.

            Examples:
              picli acceptance note relays-first passed --by anna
              picli acceptance note power-cuts failed --by anna --seen "no page after the 12th"
            """
    )

    @Argument(help: ArgumentHelp("As 'picli acceptance show' lists it.", valueName: "item"))
    var item: String

    @Argument(
        help: ArgumentHelp("passed, failed, or skipped: it does not concern this board.", valueName: "outcome"),
        completion: .list(["passed", "failed", "skipped"]), transform: Self.typedOutcome)
    var outcome: AcceptanceRecord.Outcome

    @Option(help: ArgumentHelp("What was seen, in a few words.", valueName: "text"))
    var seen: String?

    @OptionGroup var witness: WitnessOption
    @OptionGroup var target: AcceptanceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard outcome != .passed, (seen ?? "").isEmpty else { return }
        throw ValidationError("What has failed, or does not concern this board, needs a word why: --seen.")
    }

    func run() async throws {
        guard let item = AcceptanceItem(id: item) else {
            throw Failure(
                "acceptance.unknownItem", "The list has no item '\(item)'.", hint: "picli acceptance show",
                status: .usage)
        }
        let console = output.console
        var board = try target.board(console)
        try board.note(item, outcome, seen: seen ?? "", by: witness.name)
        try console.answer(AcceptanceDocument(board))
    }

    @Sendable private static func typedOutcome(_ text: String) throws -> AcceptanceRecord.Outcome {
        guard let outcome = AcceptanceRecord.Outcome(rawValue: text) else {
            throw TypedText.Mistake(description: "it is passed, failed or skipped.")
        }
        return outcome
    }
}
