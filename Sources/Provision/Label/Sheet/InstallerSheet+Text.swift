extension InstallerSheet {
    /// The sheet as plain text of 80 columns.
    public var text: String {
        var lines = [Self.plain(title), String(repeating: "=", count: min(80, title.count))]
        lines += PlainLines.facts(heading)
        if isSecret { lines += [""] + PlainLines.wrapped(Self.secrecy) }
        for section in sections {
            let heading = Self.plain(section.title)
            lines += ["", "", heading, String(repeating: "-", count: heading.count)]
            for (index, block) in section.blocks.enumerated() {
                lines += (index == 0 ? [] : [""]) + PlainLines.block(block)
            }
        }
        return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
            + "\n"
    }

    static let secrecy = "This sheet holds secrets. Keep it with the papers of the site, and away from the unit."

    private static func plain(_ text: String) -> String { PrintableText.line(text) }
}

/// Blocks of a sheet as lines of at most 80 columns.
private enum PlainLines {
    static let width = 80

    static func block(_ block: InstallerSheet.Block) -> [String] {
        switch block {
        case .paragraph(let text): wrapped(text)
        case .facts(let facts): self.facts(facts)
        case .table(let table): self.table(table)
        case .steps(let steps):
            steps.enumerated().flatMap { wrapped($0.element, first: "\($0.offset + 1). ", rest: "   ") }
        case .checks(let checks): checks.flatMap { wrapped($0, first: "[ ] ", rest: "    ") }
        }
    }

    static func facts(_ facts: [InstallerSheet.Fact]) -> [String] {
        let column = (facts.map(\.name.count).max() ?? 0) + 2
        let blank = String(repeating: " ", count: column)
        return facts.flatMap { fact in
            let first = padded(fact.name, column)
            switch fact.value {
            case .text(let text): return wrapped(text, first: first, rest: blank)
            // Never broken: it is typed as it stands.
            case .literal(let lines):
                return lines.enumerated().map { ($0.offset == 0 ? first : blank) + PrintableText.line($0.element) }
            case .blank: return [first + String(repeating: "_", count: 30)]
            }
        }
    }

    /// As columns where they fit; else each row as facts under its first cell.
    private static func table(_ table: InstallerSheet.Table) -> [String] {
        let rows = ([table.columns] + table.rows).map { $0.map(PrintableText.line) }
        let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        if widths.reduce(0, +) + 2 * (widths.count - 1) <= width {
            return rows.map { row in zip(row, widths).map { padded($0, $1 + 2) }.joined() }
        }
        return table.rows.enumerated().flatMap { index, row in
            let rest = zip(table.columns, row).dropFirst().filter { !$0.1.isEmpty }
            let lines = facts(rest.map { InstallerSheet.Fact($0.0, $0.1) }).map { "  " + $0 }
            return (index == 0 ? [] : [""]) + [PrintableText.line(row[0])] + lines
        }
    }

    /// Lines broken at blanks; a word that is longer than a line has one to itself.
    static func wrapped(_ text: String, first: String = "", rest: String = "") -> [String] {
        var lines: [String] = []
        var line = first
        var isFresh = true
        for word in PrintableText.line(text).split(separator: " ") {
            // Two columns stay free for the indent of a card.
            if !isFresh, line.count + 1 + word.count > width - 2 {
                lines.append(line)
                line = rest
                isFresh = true
            }
            line += (isFresh ? "" : " ") + word
            isFresh = false
        }
        return lines + [line]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
