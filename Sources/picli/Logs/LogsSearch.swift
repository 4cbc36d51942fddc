import ArgumentParser
import Platform
import Site
import Store

struct LogsSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find log lines by their words.",
        usage: "picli logs search [<word> ...] [--since <duration>] [<options>]",
        discussion: """
            Finds lines that hold every word where one of their words begins: 'eth' finds eth0, in \
            whatever case. "Words in a row" stand in quotes; --exclude leaves lines out. The newest lines \
            are shown, the newest last.

            Examples:
              picli logs search link down --source router --since 24h
              picli logs search '"login failed"' --severity warning --json
            """
    )

    @Argument(help: ArgumentHelp("Words; every line when left out.", valueName: "word"))
    var words: [String] = []

    @Option(help: ArgumentHelp("Leave lines with this word out; may be repeated.", valueName: "word"))
    var exclude: [String] = []

    @OptionGroup var filter: LogFilterOptions
    @OptionGroup var range: RangeOptions

    @Option(help: ArgumentHelp("At most so many lines.", valueName: "count"))
    var limit = 200

    @Option(help: ArgumentHelp("Go on where the last answer's 'next' says.", valueName: "next"))
    var before: Int64?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...1000).contains(limit) { throw ValidationError("--limit must be between 1 and 1000.") }
    }

    func run() async throws {
        let console = output.console
        var query = filter.query(exclude.map { "-\"\($0)\"" } + words, limit: limit)
        if range.since != nil || range.from != nil || range.to != nil {
            let range = range.resolved(now: KernelClock.wall(), otherwise: .seconds(86_400))
            (query.from, query.to) = (range.lowerBound, range.upperBound)
        }
        query.before = before
        let asked = query
        let (answer, names) = try await LogAccess(state, console).read { archive in
            (try await archive.lines(asked), await SenderNames(archive, for: console))
        }
        try console.answer(FoundLines(document: LogsDocument(answer), names: names))
        guard console.format == .text, let next = answer.next else { return }
        let searched = answer.searchedTo.map { " Searched back to \(WallText.second($0))." } ?? ""
        console.note("There is more; go on with --before \(next).\(searched)")
    }
}
