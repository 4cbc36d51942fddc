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

    @OptionGroup var user: UserOptions

    func run() async throws {
        try await user.perform { _ in .remove(name: user.name) }
    }
}
