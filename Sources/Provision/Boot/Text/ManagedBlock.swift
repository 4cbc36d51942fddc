/// The lines of config.txt that are ours: one block between two comments, and nothing outside of it.
///
/// The first comment carries a checksum of the lines, so that an edit by hand is noticed; and whether the line before
/// it had no end, so that taking the block out gives the old file back byte for byte.
public struct ManagedBlock: Hashable, Sendable {
    /// The indices of its lines, both markers with them.
    public let range: Range<Int>
    /// The lines between the markers, without their endings.
    public let body: [String]
    /// False when the lines are not those that were written.
    public let isIntact: Bool
    /// The line before had no end when the block was put there.
    fileprivate let isJoined: Bool

    private static let begin = "# picli begin "
    private static let end = "# picli end"
    private static let note = ": written by picli provision; add your own lines above"

    /// Every block of a file; more than one, when somebody copied it.
    public static func all(in text: ConfigText) -> [ManagedBlock] {
        var blocks: [ManagedBlock] = []
        var start: Int?
        for (index, line) in text.lines.enumerated() {
            if line.text.hasPrefix(begin) {
                start = index
            } else if line.text == end, let first = start {
                if let block = ManagedBlock(text, first...index) { blocks.append(block) }
                start = nil
            }
        }
        return blocks
    }

    /// The lines that look like one of our markers and belong to no block, from 1.
    public static func strayMarkers(in text: ConfigText) -> [Int] {
        let inside = Set(all(in: text).flatMap(\.range))
        return text.lines.indices.filter { index in
            !inside.contains(index) && (text.lines[index].text.hasPrefix(begin) || text.lines[index].text == end)
        }.map { $0 + 1 }
    }

    private init?(_ text: ConfigText, _ lines: ClosedRange<Int>) {
        let words = text.lines[lines.lowerBound].text.dropFirst(Self.begin.count).prefix { $0 != ":" }.split(
            separator: " ")
        guard let sum = words.first, sum.count == 8, sum.allSatisfy(\.isHexDigit) else { return nil }
        range = lines.lowerBound..<lines.upperBound + 1
        let content = text.lines[range].dropFirst().dropLast().map(\.content)
        body = content.map { String(decoding: $0, as: UTF8.self) }
        isIntact = sum == Self.checksum(content)
        isJoined = words.contains("joined")
    }

    /// The file with the block in it: in its place when there is one, at the end otherwise.
    ///
    /// - Throws: `boot.lineTooLong` rather than write a line whose end the firmware would ignore.
    public static func put(_ body: [String], into text: ConfigText) throws(ConfigLineTooLong) -> ConfigText {
        if let line = body.first(where: { $0.utf8.count > ConfigText.lineLimit }) {
            throw ConfigLineTooLong(line: line)
        }
        var result = text
        let blocks = all(in: text)
        // The last one wins anyhow: later lines do.
        for copy in blocks.dropLast().reversed() { result.lines.removeSubrange(copy.range) }
        let kept = all(in: result).last
        let ending = kept.map { result.lines[$0.range.lowerBound].ending } ?? result.usualEnding
        let isUnfinished = kept == nil && result.lines.last?.ending.isEmpty == true
        let content = body.map { Array($0.utf8) }
        let mark = checksum(content) + (kept?.isJoined == true || isUnfinished ? " joined" : "")
        let lines = [Array("\(begin)\(mark)\(note)".utf8)] + content + [Array(end.utf8)]
        let block = lines.map { ConfigText.Line(content: $0, ending: ending) }
        if let kept {
            let last = result.lines[kept.range.upperBound - 1].ending
            result.lines.replaceSubrange(kept.range, with: block)
            // A file whose last line has no end keeps it so.
            result.lines[kept.range.lowerBound + block.count - 1].ending = last
        } else {
            if isUnfinished { result.lines[result.lines.count - 1].ending = [0x0A] }
            result.lines += block
        }
        return result
    }

    /// The file without the block: what it was before, when nothing else has changed.
    public static func removed(from text: ConfigText) -> ConfigText {
        var result = text
        for block in all(in: text).reversed() {
            let isLast = block.range.upperBound == result.lines.count
            result.lines.removeSubrange(block.range)
            guard block.isJoined, isLast, var line = result.lines.popLast() else { continue }
            // A carriage return before the added line feed was the file's own.
            if line.ending == [0x0D, 0x0A] { line.content.append(0x0D) }
            line.ending = []
            result.lines.append(line)
        }
        return result
    }

    /// FNV-1a, 32 bits: against slips, not against enemies.
    private static func checksum(_ lines: [[UInt8]]) -> String {
        var sum: UInt32 = 2_166_136_261
        for line in lines {
            for byte in line + [0x0A] { sum = (sum ^ UInt32(byte)) &* 16_777_619 }
        }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// A line that the firmware would read the beginning of only.
public struct ConfigLineTooLong: Error, Hashable, Sendable {
    public let line: String
}
