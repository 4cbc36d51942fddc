import ArgumentParser
import Site

/// Which lines are asked for.
struct LogFilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only of this sender: its address, router, or a camera's id.", valueName: "sender"))
    var source: String?

    @Option(help: ArgumentHelp("Only of this program of the sender.", valueName: "program"))
    var program: String?

    @Option(
        help: ArgumentHelp(
            "Only lines at least this severe: emergency, alert, critical, error, warning, notice, info or debug.",
            valueName: "severity"),
        completion: .list(SyslogSeverity.allCases.map(\.name)),
        transform: { text in
            if let severity = SyslogSeverity(name: text) { return severity }
            let names = SyslogSeverity.allCases.map(\.name).joined(separator: ", ")
            throw TypedText.Mistake(description: "there are \(names).")
        })
    var severity: SyslogSeverity = .debug

    /// The query for some words.
    func query(_ words: [String], limit: Int) -> LogQuery {
        LogQuery(
            source: source, program: program, atLeast: severity, search: LogSearch(words.joined(separator: " ")),
            limit: limit)
    }
}
