import Diagnose
import Platform
import Site

/// Sets right what a check has found, and looks whether it is gone.
struct RepairRun {
    private let unit: DiagnosedUnit
    private let word: String
    private let isDry: Bool
    private let console: Console

    init(_ unit: DiagnosedUnit, _ word: String, isDry: Bool, _ console: Console) {
        self.unit = unit
        self.word = word
        self.isDry = isDry
        self.console = console
    }

    func run() async throws {
        let (unit, word, isDry, console) = (unit, word, isDry, console)
        try await Interruption.ends {
            let progress = ProgressLine(console)
            defer { progress.clear() }
            let document = try await unit.diagnosis(try Diagnosis.Selection()) { progress.show($0.line) }
            progress.clear()
            let repair = try RepairPlan(for: word, in: document)
            if isDry {
                let preview = try PlanPreview(of: repair.plan, on: PresentRoot(unit.root))
                return try console.answer(PlanPreviewDocument(preview))
            }
            let runner = PlanRunner(root: unit.root, journal: RepairPlan.journal, commands: LinuxCommandRunner())
            let report = try await runner.run(repair.plan)
            progress.show("looking again")
            let left = try await Self.left(of: repair.findings, unit)
            progress.clear()
            let answer = RepairDocument(report, of: repair, left: left)
            try console.answer(answer)
            try answer.requireCured()
        }
    }

    /// How often it is looked again, a second apart: services take their time to come up.
    private static let looks = 8

    private static func left(of findings: [Finding], _ unit: DiagnosedUnit) async throws -> [Finding] {
        let selection = try Diagnosis.Selection(Array(Set(findings.map(\.id))))
        let before = Dictionary(findings.map { ($0.key, $0.verdict) }) { first, _ in first }
        var left: [Finding] = []
        for look in 1...looks {
            left = try await unit.diagnosis(selection).checks.filter { finding in
                // What has failed and is only warned of now is set right: a damaged file is remembered, for one.
                guard let verdict = before[finding.key], finding.verdict.isTrouble else { return false }
                return !(verdict == .fail && finding.verdict == .warn)
            }
            if left.isEmpty || look == looks { break }
            try await Task.sleep(for: .seconds(1))
        }
        return left
    }
}
