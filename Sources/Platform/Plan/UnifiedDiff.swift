/// The difference of two texts as diff -u and patch(1) write it, without the two lines of file names.
struct UnifiedDiff {
    private static let context = 3

    private enum Line {
        case same(String)
        case old(String)
        case new(String)

        var text: String {
            switch self {
            case .same(let line): " " + line
            case .old(let line): "-" + line
            case .new(let line): "+" + line
            }
        }

        var isChange: Bool { if case .same = self { false } else { true } }
    }

    /// Complete lines; empty when the texts are equal.
    let text: String

    init(from old: String, to new: String) {
        let lines = Self.merge(Self.lines(old), Self.lines(new))
        var text = ""
        for range in Self.hunks(lines) {
            text += Self.heading(of: range, in: lines)
            for line in lines[range] { text += line.text }
        }
        self.text = text
    }

    /// Each with its line feed; a last one without it says so, as diff does.
    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.escaped() + "\n" }
        let last = lines.removeLast()
        return last == "\n" ? lines : lines + [last + "\\ No newline at end of file\n"]
    }

    private static func merge(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(place))
        let inserted = Set(difference.insertions.map(place))
        var lines: [Line] = []
        var (here, there) = (0, 0)
        while here < old.count || there < new.count {
            if here < old.count, removed.contains(here) {
                lines.append(.old(old[here]))
                here += 1
            } else if there < new.count, inserted.contains(there) {
                lines.append(.new(new[there]))
                there += 1
            } else {
                lines.append(.same(old[here]))
                here += 1
                there += 1
            }
        }
        return lines
    }

    private static func place(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    /// The stretches around changes; two that would touch are one.
    private static func hunks(_ lines: [Line]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in lines.indices where lines[index].isChange {
            let range = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }

    /// The line before a stretch, as in `@@ -3,7 +3,8 @@`.
    private static func heading(of range: Range<Int>, in lines: [Line]) -> String {
        let before = lines[..<range.lowerBound]
        func part(_ isOn: (Line) -> Bool) -> String {
            let count = lines[range].filter(isOn).count
            // An empty stretch is named by the line before it.
            let start = before.filter(isOn).count + (count == 0 ? 0 : 1)
            return count == 1 ? "\(start)" : "\(start),\(count)"
        }
        let old = part { if case .new = $0 { false } else { true } }
        let new = part { if case .old = $0 { false } else { true } }
        return "@@ -\(old) +\(new) @@\n"
    }
}
