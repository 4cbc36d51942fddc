import ArgumentParser
import Site

struct RelayList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show how all relays stand.",
        discussion: """
            The state of each load, since when, and what passes by itself: pulses, holds, changes that wait, \
            the next line of the schedule; and who switched it last.

            Example:
              picli relay list --json
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try console.answer(try await RelayAccess(state, console).relays())
    }
}
