import ArgumentParser
import Site

struct UserReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Let somebody in again who has lost password and phone.",
        usage: "picli user reset <name> [--password-file <file>] [--state <dir>]\n       [--json]",
        discussion: """
            Sets another password, takes the second factor away and enables the user again. All sessions of \
            the user end.

            Example:
              picli user reset anna
            """
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var password: PasswordOptions

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(
            try await UserAccess(state, console).perform(.reset(name: name, password: try password.read(console))))
    }
}
