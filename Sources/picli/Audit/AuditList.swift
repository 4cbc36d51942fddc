import ArgumentParser
import Site

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the newest entries of the audit log.",
        discussion: """
            Who, from where, and what was done to whom; logins that failed, too.

            Example:
              picli audit list --count 50
            """
    )

    @Option(help: "How many of them.")
    var count = 100

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard count >= 1 else { throw ValidationError("--count is 1 or more.") }
    }

    func run() async throws {
        let console = output.console
        var document = try await UserAccess(state, console).audit()
        document.entries = Array(document.entries.suffix(count))
        try console.answer(document)
        try document.requireWhole()
    }
}
