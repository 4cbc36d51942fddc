/// An answer that is printed again and again: in its place in a terminal, one below the other elsewhere.
struct LiveView {
    private let console: Console
    /// How many lines of the terminal the last answer takes.
    private var height = 0

    init(_ console: Console) { self.console = console }

    /// - Parameter line: The answer in one line, for a file or a pipe.
    mutating func show(_ answer: some Answer, line: String) throws {
        guard console.format == .text else { return try console.answer(answer) }
        guard console.output.isInteractive else { return try console.write(line) }
        let text = answer.text(for: console.output)
        // ECMA-48: cursor up, and erase to the end of the screen.
        let back = height > 0 ? "\u{1B}[\(height)A\u{1B}[J" : ""
        try console.write(back + text)
        height = text.count { $0 == "\n" }
    }
}
