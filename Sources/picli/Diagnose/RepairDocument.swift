import Diagnose
import Platform
import Site

/// The answer of `picli diagnose --fix`.
struct RepairDocument: Answer {
    struct Repair: Encodable {
        /// The key of the finding.
        let finding: String
        let command: String
        /// Whether it is no longer found.
        let cured: Bool
    }

    var schema = 1
    let repairs: [Repair]
    /// What is still found.
    let left: [Finding]
    /// Lines to type that take it back.
    let undo: [String]

    init(_ report: PlanReport, of repair: RepairPlan, left: [Finding]) {
        let keys = Set(left.map(\.key))
        repairs = repair.findings.compactMap { finding in
            finding.fix?.repair.map {
                Repair(finding: finding.key, command: $0.typed, cured: !keys.contains(finding.key))
            }
        }
        self.left = left
        undo = repair.undo
    }

    /// - Throws: `diagnose.findings`, exit code 2, when something of it is still found.
    func requireCured() throws(Failure) {
        guard let first = left.first else { return }
        throw Failure(
            "diagnose.findings", "\(first.key) is still found: \(first.evidence)", hint: first.fix?.text,
            status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        var text = ""
        for repair in repairs {
            let word = repair.cured ? terminal.styled("cured", .heading) : terminal.styled("FOUND", .error)
            text += "\(word)  \(repair.finding)\n       \(repair.command)\n"
        }
        if !undo.isEmpty { text += "To take it back:\n" + undo.map { "       \($0)\n" }.joined() }
        return text
    }
}
