import ArgumentParser

/// How rows are written, and where to: what every export asks.
struct ExportOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv
        case jsonl
    }

    @Option(help: "How the rows are written.")
    var format: Format = .csv

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    /// Hands `rows` where they are to go; a file is complete or not there.
    ///
    /// - Returns: how many rows were written.
    func write(to console: Console, _ rows: (inout DescriptorWriter) async throws -> Int) async throws -> Int {
        guard let output else { return try await console.stream(rows) }
        var file = try OutputFile(replacing: output)
        return try await file.write(rows)
    }
}
