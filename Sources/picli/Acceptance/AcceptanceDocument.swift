import Platform
import Provision

/// The answer of `picli acceptance`.
struct AcceptanceDocument: Answer {
    struct Item: Encodable {
        let id: String
        let title: String
        let task: String
        let sign: String
        let judge: AcceptanceItem.Judge
        /// `passed`, `failed`, `skipped` or `open`.
        let outcome: String
        /// The following are left out for one that is open.
        let evidence: String?
        let by: String?
        let time: String?

        init(_ item: AcceptanceItem, _ entry: AcceptanceRecord.Entry?) {
            id = item.id
            title = item.title
            task = item.task
            sign = item.sign
            judge = item.judge
            outcome = entry?.outcome.rawValue ?? "open"
            evidence = entry?.evidence
            by = entry?.by
            time = entry?.time
        }
    }

    var schema = 1
    let board: String
    let image: String
    let kernel: String
    let accepted: Bool
    let items: [Item]

    init(_ board: AcceptedBoard) {
        let subject = board.look.subject
        self.board = subject.board
        image = subject.image
        kernel = subject.kernel
        items = AcceptanceItem.all.map { Item($0, board.latest(of: $0)) }
        accepted = items.allSatisfy { ["passed", "skipped"].contains($0.outcome) }
    }

    private var open: Int { items.count { $0.outcome == "open" } }
    private var failed: Int { items.count { $0.outcome == "failed" } }

    /// Errors: `acceptance.failed`, `acceptance.open`, exit code 2.
    func requireAccepted() throws(Failure) {
        if let first = items.first(where: { $0.outcome == "failed" }) {
            throw Failure(
                "acceptance.failed", "This board is not as it should be: \(first.title).",
                hint: "see to it, and picli acceptance once more", status: .findings)
        }
        guard let first = items.first(where: { $0.outcome == "open" }) else { return }
        throw Failure(
            "acceptance.open", "Not all was seen of this board yet: \(open) of \(items.count) are open.",
            hint: "picli acceptance, at a terminal; or picli acceptance note \(first.id) …", status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([.init(title: "outcome"), .init(title: "item"), .init(title: "what was seen")])
        for item in items {
            let words =
                item.evidence.map { "\($0) (\(item.by ?? ""))" } ?? "\(item.title): do \(item.task); see \(item.sign)"
            table.append([item.outcome, item.id, words])
        }
        let verdict = accepted ? "Accepted." : "\(open) of \(items.count) are open, \(failed) failed."
        return "\(board)\n\(image), kernel \(kernel)\n\n\(table.text(for: terminal))\n\(verdict)\n"
    }
}
