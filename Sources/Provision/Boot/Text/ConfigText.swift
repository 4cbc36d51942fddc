/// The text of a config.txt, kept byte for byte: what was not changed is written back as it was read.
///
/// Bytes that are no text, CRLF and a missing last line feed survive; only `ManagedBlock` changes anything.
public struct ConfigText: Hashable, Sendable {
    /// One line and what ends it.
    public struct Line: Hashable, Sendable {
        /// Without its ending.
        public var content: [UInt8]
        /// LF, CRLF, or nothing at the end of the file.
        public var ending: [UInt8]

        public init(content: [UInt8], ending: [UInt8] = [0x0A]) {
            self.content = content
            self.ending = ending
        }
    }

    /// The firmware reads no more of a line; what comes after is ignored without a word.
    public static let lineLimit = 98

    public var lines: [Line]

    public init(_ bytes: [UInt8]) {
        lines = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A)
            let next = end.map { $0 + 1 } ?? bytes.count
            let isCRLF = end.map { $0 > start && bytes[$0 - 1] == 0x0D } ?? false
            let stop = (end ?? bytes.count) - (isCRLF ? 1 : 0)
            lines.append(Line(content: Array(bytes[start..<stop]), ending: Array(bytes[stop..<next])))
            start = next
        }
    }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// The file again.
    public var bytes: [UInt8] { lines.flatMap { $0.content + $0.ending } }

    /// How this file ends its lines: as its first line does.
    var usualEnding: [UInt8] {
        guard let ending = lines.first?.ending, !ending.isEmpty else { return [0x0A] }
        return ending
    }
}

extension ConfigText.Line {
    /// What the firmware sees of the line.
    public var statement: ConfigStatement { ConfigStatement(content) }

    /// As text, for people; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: content, as: UTF8.self) }

    /// Whether the firmware ignores the end of the line, and that end says something.
    public var isOverLong: Bool { content.count > ConfigText.lineLimit && ![.blank, .comment].contains(statement) }
}
