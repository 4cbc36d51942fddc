/// Aligned columns of plain text.
///
/// The last column takes what is left of the width and wraps by words below itself; the others are never cut, because
/// a shortened name can be neither typed nor searched.
struct Table {
    enum Alignment {
        case left
        case right
    }

    struct Column {
        let title: String
        var alignment = Alignment.left
    }

    private static let gap = "  "
    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func append(_ row: [String]) { rows.append(row) }

    func text(for terminal: Terminal) -> String {
        let widths = columns.indices.map { index in
            rows.map { $0[index].count }.reduce(columns[index].title.count, max)
        }
        let taken = widths.dropLast().reduce(0) { $0 + $1 + Self.gap.count }
        let last = Swift.max(terminal.width - taken, 16)
        var lines = layout(columns.map(\.title), widths: widths, last: last)
            .map { terminal.styled($0, .heading) }
        for row in rows { lines += layout(row, widths: widths, last: last) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func layout(_ row: [String], widths: [Int], last: Int) -> [String] {
        let wrapped = row[row.count - 1].wrapped(to: last)
        let head = row.indices.dropLast().map { row[$0].padded(to: widths[$0], columns[$0].alignment) }
        let rightmost = row.count - 1
        let width = wrapped.count > 1 ? 0 : widths[rightmost]
        let first = head + [wrapped[0].padded(to: width, columns[rightmost].alignment)]
        let indent = String(repeating: " ", count: head.reduce(0) { $0 + $1.count + Self.gap.count })
        return [first.joined(separator: Self.gap).trimmedRight()] + wrapped.dropFirst().map { indent + $0 }
    }
}

extension String {
    fileprivate func padded(to width: Int, _ alignment: Table.Alignment) -> String {
        let space = String(repeating: " ", count: Swift.max(0, width - count))
        return alignment == .left ? self + space : space + self
    }

    fileprivate func trimmedRight() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// Lines of at most `width` characters, broken between words; a longer word stands alone.
    ///
    /// There is always at least one line.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }
}
