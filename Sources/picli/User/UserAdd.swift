import ArgumentParser
import Site

struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add somebody who may sign in.",
        usage: "picli user add <name> [--role <role>] [--password-file <file>]\n       [--state <dir>] [--json]",
        discussion: """
            The password comes from a file or standard input, or is typed. It has 12 characters or more; nothing else is \
            asked of it, but that it is not one of those that are tried first.

            Examples:
              picli user add anna --role operator
              picli user add anna --role viewer --password-file ./secret
              pass show anna | picli user add anna --password-file -
            """
    )

    @OptionGroup var user: UserOptions
    @Option(
        help: "viewer, operator or admin.", completion: .list(Role.allCases.map(\.description)),
        transform: TypedText.role)
    var role: Role = .viewer

    @OptionGroup var password: PasswordOptions

    func run() async throws {
        try await user.perform { .add(name: user.name, role: role, password: try password.read($0)) }
    }
}
