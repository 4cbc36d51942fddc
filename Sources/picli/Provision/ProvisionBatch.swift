import Platform
import Provision
import Site

/// Provisions the cards of a table, one after the other; one that fails does not stop the others.
struct ProvisionBatch {
    let table: InputText
    let unit: UnitOptions
    let source: ProvisionOrder.Certificates
    let isDry: Bool
    let console: Console

    func run() async throws {
        let rows = try BatchRow.rows(of: table)
        var document = BatchDocument()
        for row in rows {
            try Task.checkCancellation()
            console.note("\(row.root):")
            do {
                document.units.append(.init(row: row, try await provision(row)))
            } catch let failure as Failure {
                console.fail(failure)
                document.units.append(.init(row: row, failure))
            }
        }
        try console.answer(document)
        try document.requireAll()
    }

    private func provision(_ row: BatchRow) async throws -> ProvisionDocument? {
        let root = try SystemRoot(row.root)
        var options = unit
        options.site = row.site ?? unit.site
        options.id = row.unit
        options.boardSerial = row.board
        var order = try await options.order(for: root, asking: nil, console)
        order.certificates = source
        order.macs = row.macs
        var paper = PaperOptions()
        (paper.label, paper.labelSize, paper.sheet) = (row.label, nil, row.sheet)
        let run = ProvisionRun(root: root, order: order, paper: paper, questions: nil, console: console)
        guard !isDry else {
            try console.answer(try await run.preview())
            return nil
        }
        return try await Interruption.ends { try await run.run() }
    }
}

/// One line of a batch.
struct BatchRow {
    let line: Int
    let root: String
    var unit: UnitID?
    var site: String?
    var board: BoardSerial?
    var macs: [String] = []
    var label: String?
    var sheet: String?

    private static let columns = ["root", "unit", "site", "board", "mac", "label", "sheet"]

    /// Reads a table with a heading; columns may stand in any order, and all but `root` may be left out or empty.
    ///
    /// Errors: `batch.invalid`, with the line.
    static func rows(of table: InputText) throws -> [BatchRow] {
        let lines = CSVText(table.text).rows
        guard let heading = lines.first?.cells, heading.contains("root") else {
            throw invalid(table, 1, "the first line names the columns: \(columns.joined(separator: ","))")
        }
        if let stranger = heading.first(where: { !columns.contains($0) }) {
            throw invalid(table, 1, "there is no column '\(stranger)': \(columns.joined(separator: ", "))")
        }
        if Set(heading).count != heading.count { throw invalid(table, 1, "a column stands there twice") }
        var rows: [BatchRow] = []
        for line in lines.dropFirst() where line.cells != [""] {
            guard line.cells.count == heading.count else {
                throw invalid(table, line.number, "\(line.cells.count) cells under \(heading.count) columns")
            }
            rows.append(try row(line, heading, table))
        }
        for (index, row) in rows.enumerated() {
            let others = rows[..<index]
            if others.contains(where: { $0.root == row.root }) { throw invalid(table, row.line, "\(row.root) twice") }
            if let unit = row.unit, others.contains(where: { $0.unit == unit }) {
                throw invalid(table, row.line, "the unit \(unit) twice")
            }
        }
        return rows
    }

    private static func row(_ line: CSVText.Row, _ heading: [String], _ table: InputText) throws -> BatchRow {
        var cells: [String: String] = [:]
        for (name, cell) in zip(heading, line.cells) where !cell.isEmpty { cells[name] = cell }
        guard let root = cells["root"] else { throw invalid(table, line.number, "the cell 'root' is empty") }
        var row = BatchRow(line: line.number, root: root)
        (row.site, row.label, row.sheet) = (cells["site"], cells["label"], cells["sheet"])
        if let text = cells["unit"] {
            guard let unit = UnitID(text) else { throw invalid(table, line.number, "'\(text)' is no unit ID") }
            row.unit = unit
        }
        if let text = cells["board"] {
            guard let board = BoardSerial(text) else {
                throw invalid(table, line.number, "'\(text)' is no serial number of a board")
            }
            row.board = board
        }
        row.macs = cells["mac"].map { $0.split(separator: " ").map { $0.lowercased() } } ?? []
        return row
    }

    private static func invalid(_ table: InputText, _ line: Int, _ reason: String) -> Failure {
        Failure(
            "batch.invalid", "\(table.name):\(line): \(reason).", hint: "picli provision --help", status: .usage)
    }
}

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

/// The answer of `picli provision --batch`.
struct BatchDocument: Answer {
    struct Unit: Encodable {
        let root: String
        let unit: String?
        let selfTest: String?
        let changes: Int?
        let setup: ProvisionDocument.Setup?
        let code: String?
        let message: String?

        init(row: BatchRow, _ document: ProvisionDocument?) {
            root = row.root
            unit = document?.identity.unit ?? row.unit?.description
            selfTest = document?.selfTest.verdict
            changes = document?.changes
            setup = document?.setup
            (code, message) = (nil, nil)
        }

        init(row: BatchRow, _ failure: Failure) {
            root = row.root
            unit = row.unit?.description
            (selfTest, changes, setup) = (nil, nil, nil)
            (code, message) = (failure.code, failure.message)
        }
    }

    var schema = 1
    var units: [Unit] = []

    private var failures: Int { units.count { $0.code != nil } }

    /// Errors: `batch.someFailed`.
    func requireAll() throws(Failure) {
        guard failures > 0 else { return }
        throw Failure(
            "batch.someFailed", "\(failures) of \(units.count) cards were not provisioned.",
            hint: "correct what is said of each, and give the same command again")
    }

    func text(for terminal: Terminal) -> String {
        var table = Table(["CARD", "UNIT", "RESULT", "FIRST LOGIN"].map { .init(title: $0) })
        for unit in units {
            table.append([
                unit.root, unit.unit ?? "-", unit.message ?? unit.selfTest ?? "shown above", unit.setup?.token ?? "-",
            ])
        }
        return table.text(for: terminal)
    }
}
