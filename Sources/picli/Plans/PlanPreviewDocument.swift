import Platform

/// The answer of a command with `--dry-run`.
struct PlanPreviewDocument: Answer {
    struct Step: Encodable {
        let id: String
        let summary: String
        /// `create`, `modify`, `remove`, `run`, `ask`, `none` or `skip`.
        let change: String
        let reason: String?
        let diff: String?
    }

    var schema = 1
    let changes: Int
    let steps: [Step]
    let notes: [String]
    private let diff: String

    init(_ preview: PlanPreview, _ notes: [String] = []) {
        changes = preview.changes
        steps = preview.entries.map {
            Step(
                id: $0.id, summary: $0.summary, change: $0.change.rawValue, reason: $0.reason,
                diff: $0.diff.isEmpty ? nil : $0.diff)
        }
        self.notes = notes
        diff = preview.text
    }

    private enum CodingKeys: String, CodingKey {
        case schema, changes, steps, notes
    }

    func text(for terminal: Terminal) -> String { diff.isEmpty ? "Nothing would change.\n" : diff }
}
