import ArgumentParser
import Site

struct RelayHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show who switched a load, when and why.",
        discussion: """
            Newest first. Commands that were refused are in the audit log: picli audit list.

            Example:
              picli relay history router --count 20
            """
    )

    @Argument(help: ArgumentHelp("A relay's id; all when left out.", valueName: "relay"))
    var relay: String?

    @Option(help: ArgumentHelp("How many changes at most.", valueName: "count"))
    var count = 50

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...1000).contains(count) { throw ValidationError("--count must be between 1 and 1000.") }
    }

    func run() async throws {
        let console = output.console
        try console.answer(
            RelayHistoryAnswer(document: try await RelayAccess(state, console).history(relay, count: count)))
    }
}
