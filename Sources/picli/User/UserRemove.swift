import ArgumentParser
import Site

struct UserRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove somebody, with all sessions and tokens.",
        discussion: """
            What the user did stays in the audit log. The last admin cannot be removed.

            Example:
              picli user remove anna
            """
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await UserAccess(state, console).perform(.remove(name: name)))
    }
}
