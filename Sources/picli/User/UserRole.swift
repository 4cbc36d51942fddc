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

    @Argument(help: "The user's name.")
    var name: String

    @Argument(
        help: "viewer, operator or admin.", completion: .list(Role.allCases.map(\.description)),
        transform: TypedText.role)
    var role: Role

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await UserAccess(state, console).perform(.role(name: name, role)))
    }
}
