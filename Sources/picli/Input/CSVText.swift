/// Comma-separated values as RFC 4180 says: cells in double quotes may hold commas, line ends and doubled quotes.
struct CSVText {
    struct Row {
        /// Of its first cell, from 1.
        let number: Int
        var cells: [String] = []
    }

    private(set) var rows: [Row] = []

    init(_ text: String) {
        var row = Row(number: 1)
        var cell = ""
        var line = 1
        var isQuoted = false
        var characters = Array(text.drop { $0 == "\u{FEFF}" })[...]
        while let character = characters.popFirst() {
            if character.isNewline { line += 1 }
            switch character {
            case "\"" where isQuoted && characters.first == "\"":
                cell.append("\"")
                characters.removeFirst()
            case "\"" where isQuoted || cell.isEmpty: isQuoted.toggle()
            case "," where !isQuoted:
                row.cells.append(cell)
                cell = ""
            case _ where character.isNewline && !isQuoted:
                row.cells.append(cell)
                rows.append(row)
                row = Row(number: line)
                cell = ""
            default: cell.append(character)
            }
        }
        if !cell.isEmpty || !row.cells.isEmpty {
            row.cells.append(cell)
            rows.append(row)
        }
    }
}
