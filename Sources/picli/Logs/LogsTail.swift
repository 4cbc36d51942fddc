import ArgumentParser
import Platform
import Site
import Store

struct LogsTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show the newest log lines, and go on as they come.",
        usage: "picli logs tail [<word> ...] [--count <count>] [--once] [<options>]",
        discussion: """
            Ctrl-C ends it; --once shows the newest lines and ends. A unit that starts again is waited \
            for. Under --json each line is one object. Words and filters are those of 'picli logs search'.

            Examples:
              picli logs tail
              picli logs tail --source camera --severity warning
            """
    )

    @Argument(help: ArgumentHelp("Words; every line when left out.", valueName: "word"))
    var words: [String] = []

    @OptionGroup var filter: LogFilterOptions

    @Option(help: ArgumentHelp("Begin with so many of the newest lines.", valueName: "count"))
    var count = 20

    @Flag(help: "End after the newest lines.")
    var once = false

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(0...1000).contains(count) { throw ValidationError("--count must be between 0 and 1000.") }
    }

    func run() async throws {
        let console = output.console
        let (query, count, once) = (filter.query(words, limit: 1000), count, once)
        let access = LogAccess(state, console)
        try await Interruption.ends {
            try await access.read { archive in
                var tail = await LogTail(archive, query, console)
                try await tail.begin(with: count)
                while !once {
                    try await Task.sleep(for: .seconds(1))
                    try await tail.more()
                }
            }
        }
    }
}

/// Lines one after the other, each once.
private struct LogTail {
    private let archive: any LogArchive
    private var query: LogQuery
    private let console: Console
    private var names: SenderNames
    private var isWaiting = false

    init(_ archive: any LogArchive, _ query: LogQuery, _ console: Console) async {
        self.archive = archive
        self.query = query
        self.console = console
        names = await SenderNames(archive, for: console)
    }

    mutating func begin(with count: Int) async throws {
        // Up to the newest line of all, whether it is one of these or not; what comes later is for `more`.
        let last = try await archive.lines(LogQuery(limit: 1)).lines.first?.id.sequence ?? 0
        query.after = last
        var newest = query
        newest.limit = max(1, count)
        (newest.after, newest.before) = (nil, last + 1)
        try show(await archive.lines(newest).lines.prefix(count).reversed())
    }

    /// A unit that is updated or fails starts again, and whoever watches it wants to see just that.
    mutating func more() async throws {
        let answer: LogAnswer
        do { answer = try await archive.lines(query) } catch let failure as Failure where failure.status == .tryAgain {
            if !isWaiting { console.note("The unit does not answer at present; waiting for it.") }
            isWaiting = true
            return
        }
        if isWaiting {
            console.note("The unit answers again.")
            // With another site file, perhaps.
            names = await SenderNames(archive, for: console)
        }
        isWaiting = false
        query.after = answer.next ?? answer.lines.last?.id.sequence ?? query.after
        try show(answer.lines)
    }

    private func show(_ lines: some Sequence<RecordedLine>) throws {
        for line in lines {
            try console.write(
                console.format == .json ? JSON.line(line) : LogLineText(line).text(for: console.output, names))
        }
    }
}
