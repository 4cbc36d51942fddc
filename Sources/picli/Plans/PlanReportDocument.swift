import Platform

/// The answer of a command that brought a plan about.
struct PlanReportDocument: Answer {
    struct Step: Encodable {
        let id: String
        let summary: String
        /// `changed`, `unchanged` or `skipped`.
        let outcome: String
        let reason: String?
    }

    var schema = 1
    let changes: Int
    let steps: [Step]
    let notes: [String]

    init(_ report: PlanReport, _ notes: [String] = []) {
        changes = report.changes
        steps = report.entries.map { entry in
            switch entry.outcome {
            case .changed: Step(id: entry.id, summary: entry.summary, outcome: "changed", reason: nil)
            case .unchanged: Step(id: entry.id, summary: entry.summary, outcome: "unchanged", reason: nil)
            case .skipped(let reason): Step(id: entry.id, summary: entry.summary, outcome: "skipped", reason: reason)
            }
        }
        let damage = report.damagedJournal.map {
            "The journal of an earlier run could not be read and was kept as \($0); every step was looked at anew."
        }
        self.notes = notes + [damage].compactMap(\.self)
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([.init(title: "outcome"), .init(title: "step"), .init(title: "what")])
        for step in steps {
            table.append([step.outcome, step.id, step.reason.map { "\(step.summary) (\($0))" } ?? step.summary])
        }
        return table.text(for: terminal) + "\(changes) of \(steps.count) steps changed something.\n"
    }
}
