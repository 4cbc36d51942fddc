import Provision

/// The answer of `picli image build`.
struct ImageDocument: Answer {
    struct Step: Encodable, Sendable {
        let id: String
        /// `made` or `kept`.
        let outcome: String
        let seconds: Double
    }

    var schema = 1
    let image: String
    let name: String
    let version: String
    let architecture: String
    let size: UInt64
    let sha256: String
    let packages: Int
    let steps: [Step]

    init(path: String, identity: ImageIdentity, steps: [Step]) {
        image = path
        name = identity.name
        version = identity.version
        architecture = identity.architecture
        size = identity.size
        sha256 = identity.sha256
        packages = identity.packages
        self.steps = steps
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([.init(title: "step"), .init(title: "outcome"), .init(title: "s", alignment: .right)])
        for step in steps { table.append([step.id, step.outcome, "\(step.seconds)"]) }
        return table.text(for: terminal)
            + "\(image)\n\(size >> 20) MiB, \(packages) packages\nsha256 \(sha256)\n"
    }
}

/// The answer of `picli image build --dry-run`.
struct ImagePlanDocument: Answer {
    struct Stage: Encodable {
        let id: String
        let summary: String
        let key: String
    }

    var schema = 1
    let image: String
    let stages: [Stage]
    let notes: [String]
    private let plan: String

    init(_ plan: ImagePlan) {
        image = plan.assembly.output
        stages = plan.stages.map { Stage(id: $0.id, summary: $0.summary, key: $0.key) }
        notes = plan.notes
        self.plan = plan.text
    }

    private enum CodingKeys: String, CodingKey {
        case schema, image, stages, notes
    }

    func text(for terminal: Terminal) -> String { plan }
}
