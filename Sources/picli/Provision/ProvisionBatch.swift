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
        var document = BatchDocument()
        var interruption: CancellationError?
        var made: [ProvisionRun] = []
        for row in try BatchRow.rows(of: table) where interruption == nil {
            console.note("\(row.root):")
            do {
                let run = try await run(for: row)
                document.units.append(try await carryOut(run, row))
                if !isDry { made.append(run) }
            } catch let error as CancellationError {
                interruption = error
            } catch {
                let failure = error as? Failure ?? Failure("provision.card", "The card cannot be used: \(error).")
                console.fail(failure)
                document.units.append(.init(row: row, failure))
            }
        }
        try console.answer(document)
        for run in made { try run.conclude() }
        if let interruption { throw interruption }
        try document.requireAll()
    }

    private func carryOut(_ run: ProvisionRun, _ row: BatchRow) async throws -> BatchDocument.Unit {
        if isDry { return .init(row: row, preview: try await run.preview()) }
        return .init(row: row, try await Interruption.ends { try await run.run() })
    }

    private func run(for row: BatchRow) async throws -> ProvisionRun {
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
        return ProvisionRun(root: root, order: order, paper: paper, questions: nil, console: console)
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
            let papers = [row.label, row.sheet].compactMap(\.self)
            if let paper = papers.first(where: { paper in others.contains { [$0.label, $0.sheet].contains(paper) } }) {
                throw invalid(table, row.line, "\(paper) twice")
            }
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
        if let label = row.label, !label.hasSuffix(".svg"), !label.hasSuffix(".png") {
            throw invalid(table, line.number, "a label is .svg or .png, not '\(label)'")
        }
        if let sheet = row.sheet, !sheet.hasSuffix(".html"), !sheet.hasSuffix(".txt") {
            throw invalid(table, line.number, "a sheet is .html or .txt, not '\(sheet)'")
        }
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

        /// With `--dry-run`.
        let preview: PlanPreviewDocument?
        let passed: Bool?

        init(row: BatchRow, _ document: ProvisionDocument) {
            root = row.root
            unit = document.identity.unit
            selfTest = document.selfTest.verdict
            passed = document.selfTest.passed
            changes = document.changes
            setup = document.setup
            (code, message, preview) = (nil, nil, nil)
        }

        init(row: BatchRow, preview: PlanPreviewDocument) {
            root = row.root
            unit = row.unit?.description
            changes = preview.changes
            self.preview = preview
            (selfTest, passed, setup, code, message) = (nil, nil, nil, nil, nil)
        }

        init(row: BatchRow, _ failure: Failure) {
            root = row.root
            unit = row.unit?.description
            (selfTest, passed, changes, setup, preview) = (nil, nil, nil, nil, nil)
            (code, message) = (failure.code, failure.message)
        }
    }

    var schema = 1
    var units: [Unit] = []

    private var failures: Int { units.count { $0.code != nil } }

    /// Errors: `batch.someFailed`; `selfTest.failed`, exit code 2, when all were provisioned and some do not work.
    func requireAll() throws(Failure) {
        guard failures > 0 else {
            let faulty = units.filter { $0.passed == false }
            guard !faulty.isEmpty else { return }
            throw Failure(
                "selfTest.failed", "\(faulty.count) of \(units.count) units failed their self-test.", status: .findings)
        }
        throw Failure(
            "batch.someFailed", "\(failures) of \(units.count) cards were not provisioned.",
            hint: "correct what is said of each, and give the same command again")
    }

    func text(for terminal: Terminal) -> String {
        let previews = units.compactMap { $0.preview?.text(for: terminal) }.joined(separator: "\n")
        var table = Table(["CARD", "UNIT", "RESULT", "FIRST LOGIN"].map { .init(title: $0) })
        for unit in units {
            table.append([
                unit.root, unit.unit ?? "-", unit.message ?? unit.selfTest ?? "\(unit.changes ?? 0) changes",
                unit.setup?.token ?? "-",
            ])
        }
        return previews + table.text(for: terminal)
    }
}
