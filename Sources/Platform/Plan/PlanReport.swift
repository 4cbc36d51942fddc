/// What became of a step.
public enum PlanOutcome: Hashable, Sendable {
    case changed
    case unchanged
    /// With the reason.
    case skipped(String)
}

/// What a run tells while it goes on.
public enum PlanProgress: Sendable {
    case started(PlanStep)
    case finished(PlanStep, PlanOutcome)
    case failed(PlanStep, Failure)
}

/// What a run of a plan did.
public struct PlanReport: Hashable, Sendable {
    public struct Entry: Hashable, Sendable, Identifiable {
        public let id: String
        public let summary: String
        public let outcome: PlanOutcome
    }

    public let entries: [Entry]
    /// The place of an earlier journal that could not be read; nil when all was well.
    public let damagedJournal: String?

    /// How many steps changed something.
    public var changes: Int { entries.filter { $0.outcome == .changed }.count }
}
