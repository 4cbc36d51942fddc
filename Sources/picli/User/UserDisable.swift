import ArgumentParser
import Site

struct UserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep somebody out, without forgetting them.",
        discussion: """
            All sessions of the user end, and their tokens are of no use.

            Example:
              picli user disable anna
            """
    )

    @OptionGroup var user: UserOptions

    func run() async throws {
        try await user.perform { _ in .disabled(name: user.name, true) }
    }
}
