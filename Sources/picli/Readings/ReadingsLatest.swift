import ArgumentParser
import Platform
import Site
import Store

struct ReadingsLatest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latest",
        abstract: "Show the newest reading of each series.",
        discussion: """
            Value, unit and age; or the reason why there is no value. Names are metrics \
            (enclosure.temperature) or sensors (enclosure: all that it measures).

            Examples:
              picli readings latest
              picli readings latest battery enclosure.temperature --json
            """
    )

    @Argument(help: ArgumentHelp("Metrics or sensors; all when left out.", valueName: "metric"))
    var metrics: [String] = []

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let readings = try await ReadingAccess(state, console).read { try await $0.latest() }
        let chosen = try Selection(metrics).choose(from: readings, by: \.metric)
        try console.answer(LatestAnswer(document: LatestDocument(readings: chosen), now: KernelClock.wall()))
    }
}
