import Platform
import Provision
import Site

/// Writes the cards of a table, one after the other through the same reader; one that fails does not stop the others.
struct ImageFlashBatch {
    let writer: FlashRun
    let table: InputText
    let disk: String
    /// What is true of all that a row does not say.
    let card: CardOptions
    /// Nobody is asked whether what is on a card may be lost.
    let isAnswered: Bool

    private static let columns = ["unit", "site", "secrets", "ssh-keys"]

    func run() async throws {
        var document = FlashBatchDocument(image: writer.file.path)
        // All of them are read before the first card is written.
        for (unit, archive) in try rows() {
            writer.console.prompt("Put the card of \(unit) into \(disk), and press Enter: ")
            guard readLine() != nil else { throw CancellationError() }
            do {
                _ = try await writer.run(onto: disk, card: archive, isAnswered: isAnswered)
                document.cards.append(.init(unit: "\(unit)", failure: nil))
            } catch let failure as Failure {
                writer.console.fail(failure)
                document.cards.append(.init(unit: "\(unit)", failure: failure))
            }
        }
        try writer.console.answer(document)
        try document.requireAll()
    }

    /// Errors: `batch.invalid`, with the line; `input.…`, `site.invalid`.
    private func rows() throws -> [(unit: UnitID, archive: CardArchive?)] {
        let lines = CSVText(table.text).rows
        guard let heading = lines.first?.cells, heading.contains("unit"), Set(heading).count == heading.count,
            heading.allSatisfy(Self.columns.contains)
        else { throw invalid(1, "the first line names the columns: \(Self.columns.joined(separator: ","))") }
        var rows: [(unit: UnitID, archive: CardArchive?)] = []
        for line in lines.dropFirst() where line.cells != [""] {
            guard line.cells.count == heading.count else {
                throw invalid(line.number, "\(line.cells.count) cells under \(heading.count) columns")
            }
            var cells: [String: String] = [:]
            for (name, cell) in zip(heading, line.cells) where !cell.isEmpty { cells[name] = cell }
            guard let unit = cells["unit"].flatMap({ UnitID($0) }) else {
                throw invalid(line.number, "'\(cells["unit"] ?? "")' is no unit ID")
            }
            guard !rows.contains(where: { $0.unit == unit }) else {
                throw invalid(line.number, "the unit \(unit) twice")
            }
            var options = card
            options.unit = unit
            options.site = cells["site"] ?? card.site
            options.secrets = cells["secrets"] ?? card.secrets
            options.sshKeys = cells["ssh-keys"] ?? card.sshKeys
            guard options.site != nil else { throw invalid(line.number, "no site file: a column 'site', or --site") }
            rows.append((unit, try options.archive(writer.console)))
        }
        return rows
    }

    private func invalid(_ line: Int, _ reason: String) -> Failure {
        Failure(
            "batch.invalid", "\(table.name):\(line): \(reason).", hint: "picli image flash --help", status: .usage)
    }
}

/// The answer of `picli image flash --batch`.
struct FlashBatchDocument: Answer {
    struct Card: Encodable {
        let unit: String
        let code: String?
        let message: String?

        init(unit: String, failure: Failure?) {
            self.unit = unit
            (code, message) = (failure?.code, failure?.message)
        }
    }

    var schema = 1
    let image: String
    var cards: [Card] = []

    init(image: String) { self.image = image }

    /// Errors: `batch.someFailed`.
    func requireAll() throws(Failure) {
        let failures = cards.count { $0.code != nil }
        guard failures > 0 else { return }
        throw Failure(
            "batch.someFailed", "\(failures) of \(cards.count) cards were not written.",
            hint: "a table of those alone, and the same command")
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([.init(title: "unit"), .init(title: "card")])
        for card in cards { table.append([card.unit, card.message ?? "written"]) }
        return table.text(for: terminal)
    }
}
