import ArgumentParser
import Platform
import Site
import Store

struct LogsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write log lines as CSV or JSON lines, however many there are.",
        usage: "picli logs export [<word> ...] [--since <duration>] [<options>]",
        discussion: """
            The oldest line first. The lines go out as they are read, so a month needs no more memory \
            than a day. With --output the file is complete or not there: an interrupted export leaves \
            the old one as it was. In CSV, words that a spreadsheet would take for a formula begin with \
            an apostrophe; JSON lines are exact.

            Examples:
              picli logs export --since 7d --output week.csv
              picli logs export --source router --format jsonl | gzip > router.jsonl.gz
            """
    )

    @Argument(help: ArgumentHelp("Words; every line when left out.", valueName: "word"))
    var words: [String] = []

    @OptionGroup var filter: LogFilterOptions
    @OptionGroup var range: RangeOptions
    @OptionGroup var target: ExportOptions

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console(.text, environment: [:])
        let range = range.resolved(now: KernelClock.wall(), otherwise: .seconds(86_400))
        var query = filter.query(words, limit: 1000)
        (query.from, query.to, query.after) = (range.lowerBound, range.upperBound, 0)
        let (target, access) = (self.target, LogAccess(state, console))
        let export = LogExport(query: query, format: target.format)
        let lines = try await Interruption.ends {
            try await access.read { archive in
                try await target.write(to: console) { try await export.write(archive, to: &$0) }
            }
        }
        if let output = target.output { console.note("\(lines) lines written to \(output).") }
    }
}

/// Lines of an export, a page at a time.
private struct LogExport {
    let query: LogQuery
    let format: ExportOptions.Format

    /// Returns how many lines were written, the heading not counted.
    func write(_ archive: any LogArchive, to writer: inout DescriptorWriter) async throws -> Int {
        if format == .csv { try writer.write(LogLineText.csvHeading) }
        var page = query
        var count = 0
        while true {
            try Task.checkCancellation()
            let answer = try await archive.lines(page)
            for line in answer.lines { try writer.write(format == .csv ? LogLineText(line).csv : JSON.line(line)) }
            count += answer.lines.count
            guard let next = answer.next, next > page.after ?? 0 else { return count }
            page.after = next
        }
    }
}
