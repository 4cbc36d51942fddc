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

    @OptionGroup var user: UserOptions
    @OptionGroup var password: PasswordOptions

    func run() async throws {
        try await user.perform { .reset(name: user.name, password: try password.read($0)) }
    }
}
