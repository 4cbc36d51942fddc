import ArgumentParser
import Site

struct UserPasswd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Give somebody another password.",
        usage: "picli user passwd <name> [--password-file <file>] [--state <dir>]\n       [--json]",
        discussion: """
            All sessions of the user end. The password comes from a file, or is typed twice.

            Example:
              picli user passwd anna
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
            try await UserAccess(state, console).perform(.password(name: name, password: try password.read(console))))
    }
}
