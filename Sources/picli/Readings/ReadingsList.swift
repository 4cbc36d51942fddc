import ArgumentParser
import Platform
import Site
import Store

struct ReadingsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List every series of the unit.",
        discussion: """
            Each line is a metric, its unit, the day of its first reading, and the age of its last one. \
            The name is what the other commands take.

            Example:
              picli readings list --state ./state
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let metrics = try await ReadingAccess(state, console).read { try await $0.metrics() }
        try console.answer(ListAnswer(document: MetricsDocument(metrics: metrics), now: KernelClock.wall()))
    }
}
