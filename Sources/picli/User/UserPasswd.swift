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

    @OptionGroup var user: UserOptions
    @OptionGroup var password: PasswordOptions

    func run() async throws {
        try await user.perform { .password(name: user.name, password: try password.read($0)) }
    }
}
