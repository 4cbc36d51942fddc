/// What a machine has said on its serial line in all its starts, and what it was asked, as people can read it.
///
/// What only a terminal understands is left out, and so is what would open the unit: its console shows the token of the first
/// login.
public struct Transcript: Sendable {
    /// Something that was seen, so long after the power came.
    public struct Moment: Sendable {
        let seconds: Double
        let what: String

        public init(_ what: String, after time: Duration) {
            self.what = what
            seconds = (time / .milliseconds(100)).rounded() / 10
        }
    }

    public private(set) var text: String

    public init(_ title: String) { text = "\(title)\n" }

    /// One start, from the power on.
    ///
    /// - Parameters:
    ///   - answers: What was asked meanwhile, and its output.
    ///   - end: How it ended.
    public mutating func add(
        _ console: String, moments: [Moment], answers: [(command: String, output: String)], end: String
    ) {
        text += "\n=== the power is on ===\n\(Self.plain(console))\n"
        for moment in moments { text += "=== after \(moment.seconds) s: \(moment.what)\n" }
        for answer in answers { text += "=== # \(answer.command)\n\(Self.plain(answer.output))\n" }
        text += "=== \(end) ===\n"
    }

    /// Lines of plain text.
    public static func plain(_ console: String) -> String {
        var plain = String.UnicodeScalarView()
        var rest = console.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}" {
                skipSequence(&rest)
            } else if scalar == "\n" || scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F {
                plain.append(scalar)
            }
        }
        return String(plain).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.firstRange(of: "first login ").map { "\(line[..<$0.upperBound]) (left out)" } ?? String(line)
        }.joined(separator: "\n")
    }

    /// The rest of an escape sequence (ECMA-48, 5.4): a control sequence, a command to the terminal, or one character.
    private static func skipSequence(_ rest: inout Substring.UnicodeScalarView) {
        guard let kind = rest.popFirst() else { return }
        switch kind {
        case "[": while let scalar = rest.popFirst(), !(0x40...0x7E).contains(scalar.value) {}
        case "]":
            while let scalar = rest.popFirst(), scalar != "\u{07}" {
                guard scalar == "\u{1B}" else { continue }
                _ = rest.popFirst()
                return
            }
        default: break
        }
    }
}
