/// What a plan would do to a system as it is now.
///
/// A pure function of the two; nothing is run to find out.
public struct PlanPreview: Hashable, Sendable {
    /// What would become of a step.
    public enum Change: String, Hashable, Sendable {
        case create
        case modify
        case remove
        case run
        /// A command that first asks whether there is anything to do.
        case ask
        case none
        case skip
    }

    public struct Entry: Hashable, Sendable, Identifiable {
        public let id: String
        public let summary: String
        public let change: Change
        /// Why it is skipped.
        public let reason: String?
        /// Complete lines; empty when nothing would change.
        public let diff: String
    }

    public let entries: [Entry]

    /// How many steps would change something, or might.
    public var changes: Int { entries.filter { $0.change != .none && $0.change != .skip }.count }

    /// - Parameter fulfilled: The steps of work that are known to be done.
    public init(of plan: Plan, on state: some PresentState, fulfilled: Set<String> = []) throws {
        var changed: Set<String> = []
        var entries: [Entry] = []
        for step in plan.steps {
            let entry = try Self.entry(step, state, changed, fulfilled)
            if entry.change != .none, entry.change != .skip { changed.insert(step.id) }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// One text for the whole plan, for people and for patch(1): what is not part of a diff begins with `#`.
    public var text: String {
        entries.filter { $0.change != .none }.map { entry in
            let reason = entry.reason.map { " Skipped: \($0)." } ?? ""
            return "# \(entry.id): \(entry.summary)\(reason)\n\(entry.diff)"
        }.joined(separator: "\n")
    }

    private static func entry(
        _ step: PlanStep, _ state: some PresentState, _ changed: Set<String>, _ fulfilled: Set<String>
    ) throws -> Entry {
        func make(_ change: Change, _ diff: String = "", reason: String? = nil) -> Entry {
            Entry(id: step.id, summary: step.summary, change: change, reason: reason, diff: diff)
        }
        if step.scope == .liveOnly, !state.isLive { return make(.skip, reason: PlanStep.liveOnlyReason) }
        if case .work = step.action { return fulfilled.contains(step.id) ? make(.none) : make(.run) }
        if case .command(let command) = step.action {
            return make(change(command, changed), diff(command, changed))
        }
        guard let path = step.path else { return make(.none) }
        let present = try state.entry(at: path)
        if step.isFulfilled(by: present) == true { return make(.none) }
        let change: Change =
            if case .absent = step.action { .remove } else if present == nil { .create } else { .modify }
        return make(change, diff(step, present, shown: state.shown(path)))
    }

    private static func change(_ command: PlanCommand, _ changed: Set<String>) -> Change {
        let isTriggered = command.after.contains { changed.contains($0) }
        if isTriggered || (command.after.isEmpty && command.unless == nil) { return .run }
        return command.unless == nil ? .none : .ask
    }

    private static func diff(_ command: PlanCommand, _ changed: Set<String>) -> String {
        switch change(command, changed) {
        case .run:
            let input = command.command.input.map { "# with \($0.count) bytes of standard input\n" } ?? ""
            return "# run \(command.command)\n\(input)"
        case .ask: return "# run \(command.command)\n# unless \(command.unless?.description ?? "") succeeds\n"
        default: return ""
        }
    }
}

extension PlanStep {
    static let liveOnlyReason = "it is about the running system"
}
