public import Platform
public import Site

/// What sets a finding right without hands, as a plan.
public struct RepairPlan: Sendable {
    /// Gone with the boot, as what a repair was about may be.
    public static let journal = "/run/picli-diagnose/journal"

    public let plan: Plan
    /// The findings that it is about.
    public let findings: [Finding]

    /// Lines to type that take it back, the last step first.
    public var undo: [String] { findings.compactMap { $0.fix?.repair?.typedUndo }.reversed() }

    /// Whether a word can name a finding: a check's id, or the key of a finding.
    public static func isName(_ word: String) -> Bool {
        Catalogue.checks.contains { word == $0.id || word.hasPrefix($0.id + " ") }
    }

    /// - Parameters:
    ///   - word: A check, for all that it has found; or the key of one finding.
    ///   - document: Of all checks, so that it is known what follows from what.
    /// - Throws: `diagnose.well` when there is nothing to set right; `diagnose.deeper` for what follows from something else;
    ///   `diagnose.by_hand` for what no program can do.
    public init(for word: String, in document: DiagnosisDocument) throws(Failure) {
        let troubles = document.checks.filter { ($0.id == word || $0.key == word) && $0.verdict.isTrouble }
        guard let first = troubles.first else {
            let seen = document.checks.first { $0.id == word || $0.key == word }?.evidence
            throw Failure("diagnose.well", "\(word) has found nothing to set right.", hint: seen)
        }
        let roots = troubles.filter(\.isRoot)
        guard !roots.isEmpty else {
            let deeper = first.follows ?? ""
            throw Failure(
                "diagnose.deeper", "\(first.key) follows from \(deeper): begin with that.",
                hint: "picli diagnose --fix '\(deeper)'")
        }
        findings = roots.filter { $0.fix?.repair != nil }
        guard !findings.isEmpty else {
            throw Failure(
                "diagnose.by_hand", "\(roots[0].key) cannot be set right from here.",
                hint: roots[0].fix?.text ?? roots[0].fix?.command)
        }
        plan = try Plan(findings.enumerated().compactMap { Self.step($0.offset + 1, $0.element) })
    }

    private static func step(_ number: Int, _ finding: Finding) -> PlanStep? {
        guard let run = finding.fix?.repair?.run, let program = run.first else { return nil }
        return PlanStep(
            "repair-\(number)", "set right \(finding.key)",
            .command(PlanCommand(Command(program, Array(run.dropFirst()), timeout: .seconds(60)))))
    }
}
