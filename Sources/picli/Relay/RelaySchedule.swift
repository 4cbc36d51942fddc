import ArgumentParser
import Site

struct RelaySchedule: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Show what schedules will do next.",
        discussion: """
            Times are UTC; the lines are those of the site file, in the site's own time.

            Example:
              picli relay schedule strobe
            """
    )

    @Argument(help: ArgumentHelp("A relay's id; all when left out.", valueName: "relay"))
    var relay: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let document = try await RelayAccess(state, console).relays(relay)
        try console.answer(RelayScheduleAnswer(document: document, relay: relay))
    }
}
