import ArgumentParser
import Site

struct UserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep somebody out, without forgetting them.",
        discussion: """
            All sessions of the user end, and their tokens are of no use.

            Example:
              picli user disable anna
            """
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await UserAccess(state, console).perform(.disabled(name: name, true)))
    }
}
