import ArgumentParser
import Platform
import Site

struct ReadingsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write history as CSV or JSON lines, however much it is.",
        usage: "picli readings export [<metric> ...] [--since <duration>] [<options>]",
        discussion: """
            Every stored reading in the order of time, or one row per --step. The rows go out as they \
            are read, so a year needs no more memory than a day. With --output the file is complete or \
            not there: an interrupted export leaves the old one as it was.

            Examples:
              picli readings export --since 7d --output week.csv
              picli readings export --step 15m --format jsonl | gzip > day.jsonl.gz
            """
    )

    @Argument(help: ArgumentHelp("Metrics or sensors; all when left out.", valueName: "metric"))
    var metrics: [String] = []

    @OptionGroup var range: RangeOptions

    @Option(
        help: ArgumentHelp("A length such as 1m, 15m, 1h; every stored reading when left out.", valueName: "step"),
        transform: TypedText.step)
    var step: SeriesQuery.Step?

    @OptionGroup var target: ExportOptions

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console(.text, environment: [:])
        let range = range.resolved(now: KernelClock.wall(), otherwise: .seconds(86_400))
        let rows = try await Interruption.ends {
            try await write(range, console)
        }
        if let output = target.output { console.note("\(rows) rows written to \(output).") }
    }

    private func write(_ range: Range<Int64>, _ console: Console) async throws -> Int {
        try await ReadingAccess(state, console).read { source in
            let names = try await Selection(metrics).names(in: source)
            let query = SeriesQuery(metrics: names, from: range.lowerBound, to: range.upperBound, step: step ?? .raw)
            let export = Export(query: query, source: source, format: target.format)
            return try await target.write(to: console) { try await export.write(to: &$0) }
        }
    }
}
