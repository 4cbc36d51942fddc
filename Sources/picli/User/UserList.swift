import ArgumentParser
import Site

struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show who may sign in, and as what.",
        discussion: """
            Each with the role, whether there is a second factor, and the last login.

            Example:
              picli user list --json
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await UserAccess(state, console).users())
    }
}
