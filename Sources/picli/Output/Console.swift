import FoundationEssentials
import Glibc
import Platform

/// The only place that prints: standard output is the answer, standard error is everything else.
struct Console: Sendable {
    enum Format: Sendable {
        case text
        case json
    }

    let format: Format
    let output: Terminal
    let error: Terminal

    init(_ format: Format, environment: [String: String]) {
        self.format = format
        output = Terminal(descriptor: STDOUT_FILENO, environment: environment)
        error = Terminal(descriptor: STDERR_FILENO, environment: environment)
    }

    /// Prints one answer: the same value as text or as one line of JSON.
    func answer(_ answer: some Answer) throws {
        switch format {
        case .text:
            try write(answer.text(for: output))
        case .json:
            try write(JSON.line(answer))
        }
    }

    /// Prints text that is the same in every format: a script, a schema.
    func write(_ text: String) throws {
        var writer = DescriptorWriter(descriptor: STDOUT_FILENO, name: "standard output")
        try writer.write(text)
        try writer.flush()
    }

    /// Hands a buffered standard output to a command that prints more than fits in memory.
    func stream<Result>(
        _ body: (inout DescriptorWriter) async throws -> Result
    ) async throws -> Result {
        var writer = DescriptorWriter(descriptor: STDOUT_FILENO, name: "standard output")
        let result = try await body(&writer)
        try writer.flush()
        return result
    }

    /// A sentence beside the answer.
    ///
    /// Under `--json` too: standard error is not parsed, but for a failure's last line.
    func note(_ sentence: String) {
        complain(sentence + "\n")
    }

    /// A question; the answer is typed behind it.
    func prompt(_ question: String) { complain(question) }

    /// Prints a failure: `error: …` and `Try: …`, or one JSON object as the last line of standard error.
    func fail(_ failure: Failure) {
        switch format {
        case .text:
            complain(FailureText(failure).text(for: error))
        case .json:
            complain((try? JSON.line(FailureDocument(failure))) ?? FailureText(failure).text(for: error))
        }
    }

    /// Standard error: when even that is gone, nobody is left to tell.
    private func complain(_ text: String) {
        var writer = DescriptorWriter(descriptor: STDERR_FILENO, name: "standard error")
        try? writer.write(text)
        try? writer.flush()
    }
}

/// What a command answers: one value, printed as text for people or encoded as JSON for programs.
protocol Answer: Encodable {
    /// Complete lines, the last with its line feed.
    func text(for terminal: Terminal) -> String
}

enum JSON {
    /// One document on one line: sorted keys, nothing escaped that need not be.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
