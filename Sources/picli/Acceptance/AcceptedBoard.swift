import Platform
import Provision
import Site

/// A board, with all that was seen of it so far.
struct AcceptedBoard {
    let look: AcceptanceLook
    private let root: SystemRoot
    private var record: AcceptanceRecord

    /// Errors: `acceptance.noBoard`, `acceptance.unreadable`.
    init(_ root: SystemRoot, settings: BootSettings? = nil) throws {
        self.root = root
        look = try AcceptanceLook(at: root, settings: settings)
        record = try AcceptanceRecord(in: root)
    }

    /// The newest word on an item; nil when it is open.
    func latest(of item: AcceptanceItem) -> AcceptanceRecord.Entry? { record.latest(of: item.id, on: look.subject) }

    /// What somebody at the board has to be asked.
    var questions: [AcceptanceItem] {
        AcceptanceItem.all.filter { item in
            guard look.sight(of: item) == nil else { return false }
            return latest(of: item).map { $0.outcome == .failed } ?? true
        }
    }

    /// Everything that picli sees by itself.
    mutating func lookAgain() throws {
        for item in AcceptanceItem.all {
            guard let sight = look.sight(of: item) else { continue }
            record.note(entry(item, sight.outcome, sight.evidence, by: "picli"))
        }
        try record.save(in: root)
    }

    /// What somebody has seen; kept at once.
    ///
    /// Errors: `acceptance.machine`, `acceptance.write`.
    mutating func note(
        _ item: AcceptanceItem, _ outcome: AcceptanceRecord.Outcome, seen: String, by name: String
    ) throws {
        guard look.sight(of: item) == nil else {
            throw Failure(
                "acceptance.machine", "picli sees by itself how it is with '\(item.id)' on this board.",
                hint: "picli acceptance", status: .usage)
        }
        record.note(entry(item, outcome, seen.isEmpty ? item.sign : seen, by: name))
        try record.save(in: root)
    }

    private func entry(
        _ item: AcceptanceItem, _ outcome: AcceptanceRecord.Outcome, _ evidence: String, by name: String
    ) -> AcceptanceRecord.Entry {
        AcceptanceRecord.Entry(
            item: item.id, outcome: outcome, evidence: evidence, by: name,
            time: ISO8601.string(milliseconds: KernelClock.wall()), subject: look.subject)
    }
}
