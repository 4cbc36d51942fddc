import ArgumentParser
import Site

struct UserRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Change what somebody may do.",
        discussion: """
            A viewer sees everything, an operator also switches relays and ejects drives, an admin also \
            changes users and settings. All sessions of the user end.

            Example:
              picli user role anna admin
            """
    )

    @OptionGroup var user: UserOptions
    @Argument(
        help: "viewer, operator or admin.", completion: .list(Role.allCases.map(\.description)),
        transform: TypedText.role)
    var role: Role

    func run() async throws {
        try await user.perform { _ in .role(name: user.name, role) }
    }
}
