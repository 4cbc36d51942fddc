import ArgumentParser
import Site

struct UserEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let somebody in again who was kept out.",
        discussion: """
            The password is the one from before, and tokens that have not expired work again.

            Example:
              picli user enable anna
            """
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await UserAccess(state, console).perform(.disabled(name: name, false)))
    }
}
