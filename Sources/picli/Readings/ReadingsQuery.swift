import ArgumentParser
import Platform
import Site
import Store

struct ReadingsQuery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Show the history of some metrics.",
        usage: "picli readings query <metric> ... [--since <duration>] [<options>]",
        discussion: """
            One line per stored reading, or per step with its mean, least and greatest value. Without \
            --step as finely as 600 points allow. Stretches without values are told with their reason. \
            For all of it, however much, take 'picli readings export'.

            Examples:
              picli readings query enclosure.temperature --since 1h
              picli readings query battery --from 2026-03-01 --step 1h --json
            """
    )

    @Argument(help: ArgumentHelp("Metrics, or sensors for what they chiefly measure.", valueName: "metric"))
    var metrics: [String]

    @OptionGroup var range: RangeOptions

    @Option(
        help: ArgumentHelp("raw, or a length such as 10s, 5m, 1h; auto when left out.", valueName: "step"),
        transform: TypedText.step)
    var step: SeriesQuery.Step?

    @Option(help: ArgumentHelp("At most so many points.", valueName: "count"))
    var limit = 10_000

    @Option(help: ArgumentHelp("Go on where the last answer's 'next' says.", valueName: "next"))
    var cursor: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...50_000).contains(limit) { throw ValidationError("--limit must be between 1 and 50000.") }
    }

    func run() async throws {
        let console = output.console
        let range = range.resolved(now: KernelClock.wall(), otherwise: .seconds(3600))
        let query = SeriesQuery(
            metrics: metrics, from: range.lowerBound, to: range.upperBound, step: step ?? .points(600), limit: limit,
            cursor: cursor)
        let answer = try await ReadingAccess(state, console).read { source in
            let answer = try await source.series(query)
            try await Selection(metrics).require(answer, in: source)
            return answer
        }
        try console.answer(SeriesDocument(answer))
        if answer.next != nil, console.format == .text { console.note(SeriesText.more(answer)) }
    }
}
