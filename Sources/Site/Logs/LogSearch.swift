/// What a person types to find lines: words, "words in a row", and -words that must not be there.
///
/// A word is found where it begins a word of the line or of its program, in whatever case of ASCII letters.
public struct LogSearch: Hashable, Sendable {
    public struct Term: Hashable, Sendable {
        public let text: String
        public let isExcluded: Bool
    }

    /// As it was typed.
    public let text: String
    public let terms: [Term]

    /// More are not looked at.
    private static let mostTerms = 64

    /// Any text is a search; one without a word finds every line.
    public init(_ text: String) {
        self.text = text
        var terms: [Term] = []
        var rest = Substring(text)
        while terms.count < Self.mostTerms {
            rest = rest.drop { $0.isWhitespace }
            guard let first = rest.first else { break }
            let isExcluded = first == "-" && rest.dropFirst().first.map { !$0.isWhitespace } == true
            if isExcluded { rest = rest.dropFirst() }
            let word: Substring
            if rest.first == "\"" {
                word = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest[word.endIndex...].dropFirst()
            } else {
                word = rest.prefix { !$0.isWhitespace }
                rest = rest[word.endIndex...]
            }
            if !word.isEmpty { terms.append(Term(text: String(word), isExcluded: isExcluded)) }
        }
        self.terms = terms
    }

    /// Whether the line holds what is asked for.
    public func finds(_ line: LogLine) -> Bool {
        guard !terms.isEmpty else { return true }
        let text = Array("\(line.program ?? "") \(line.text)".utf8.map(Self.lowered))
        return terms.allSatisfy { Self.holds(text, $0) != $0.isExcluded }
    }

    /// Whether the term stands in the text where a word begins.
    ///
    /// - Parameter text: UTF-8, in lower case.
    private static func holds(_ text: [UInt8], _ term: Term) -> Bool {
        let wanted = term.text.utf8.map(lowered)
        guard let first = wanted.first, wanted.count <= text.count else { return false }
        let needsStart = isWord(first)
        return (0...text.count - wanted.count).contains { start in
            text[start] == first && text[start..<start + wanted.count].elementsEqual(wanted)
                && !(needsStart && start > 0 && isWordBefore(start, text))
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    /// Whether a letter or a digit, of any script, ends there: a word goes on, then.
    private static func isWordBefore(_ index: Int, _ text: [UInt8]) -> Bool {
        guard text[index - 1] >= 0x80 else { return isWord(text[index - 1]) }
        let start = text[..<index].lastIndex { $0 & 0xC0 != 0x80 } ?? 0
        let scalar = String(decoding: text[start..<index], as: UTF8.self).unicodeScalars.last
        return scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Runs of ASCII letters and digits that are words of every line that is found, and whether each may go on.
    ///
    /// An index narrows the search down with them; `finds` decides.
    public var words: [(text: String, isPrefix: Bool)] {
        terms.filter { !$0.isExcluded && $0.text.utf8.allSatisfy { $0 < 0x80 } }.flatMap { term in
            let bytes = Array(term.text.utf8)
            let runs = bytes.split { !Self.isWord($0) }
            return runs.map { run in
                (String(decoding: run, as: UTF8.self), run.endIndex == bytes.endIndex)
            }
        }
    }
}
