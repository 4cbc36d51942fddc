import ArgumentParser
import Site

struct UserEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let somebody in again who was kept out.",
        discussion: """
            The password is the one from before, and tokens that have not expired work again.

            Example:
              picli user enable anna
            """
    )

    @OptionGroup var user: UserOptions

    func run() async throws {
        try await user.perform { _ in .disabled(name: user.name, false) }
    }
}
