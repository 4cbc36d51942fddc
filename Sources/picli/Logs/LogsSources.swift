import ArgumentParser
import Store

struct LogsSources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "Show who sends log lines, and who has stopped.",
        discussion: """
            The router and the cameras of the site file, when each was heard last, and how many of its \
            lines were stored or, in a flood, not.

            Example:
              picli logs sources --json
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await LogAccess(state, console).read { try await $0.sources() })
    }
}
