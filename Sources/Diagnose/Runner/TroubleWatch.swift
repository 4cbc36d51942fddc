public import Site

/// Decides which findings of a running unit are told: what is found twice in a row, and what is gone twice in a row.
///
/// Pure; a blip makes no event, and what could not be looked at changes nothing.
public struct TroubleWatch: Sendable {
    public enum Change: Hashable, Sendable {
        case found(Finding)
        /// The finding as it was told.
        case cured(Finding)
    }

    private struct State {
        var finding: Finding
        var isTold = false
        /// How often in a row the opposite of `isTold` was seen.
        var opposite = 0
    }

    private static let rounds = 2
    private var states: [String: State] = [:]

    /// - Parameter events: What was told before the unit was started again, newest first: it is not told a second time, and
    ///   told when it is cured.
    public init(after events: [Event] = []) {
        var seen: Set<String> = []
        for event in events where [.diagnosisFound, .diagnosisCured].contains(event.code) {
            guard seen.insert(event.subject).inserted, event.code == .diagnosisFound,
                case .text(let id)? = event.values["check"]
            else { continue }
            let subject = event.subject.hasPrefix(id + " ") ? String(event.subject.dropFirst(id.count + 1)) : nil
            let finding = Finding(
                id: id, subject: subject, verdict: event.severity == .error ? .fail : .warn, evidence: event.message)
            states[event.subject] = State(finding: finding, isTold: true)
        }
    }

    /// Takes one diagnosis; only root causes are told.
    public mutating func observe(_ document: DiagnosisDocument) -> [Change] {
        var changes: [Change] = []
        let roots = document.roots.filter { $0.verdict != .unknown }
        for finding in roots {
            var state = states[finding.key] ?? State(finding: finding)
            if state.isTold {
                state.opposite = 0
            } else {
                state.finding = finding
                state.opposite += 1
                if state.opposite >= Self.rounds {
                    state.isTold = true
                    state.opposite = 0
                    changes.append(.found(finding))
                }
            }
            states[finding.key] = state
        }
        let known = Set(document.checks.filter { $0.verdict == .ok || $0.verdict.isTrouble }.map(\.id))
        for (key, var state) in states.sorted(by: { $0.key < $1.key }) where !roots.contains(where: { $0.key == key }) {
            // Folded under something deeper it is not cured; nor when nobody could look.
            guard known.contains(state.finding.id),
                !document.checks.contains(where: { $0.key == key && $0.verdict.isTrouble })
            else { continue }
            guard state.isTold else {
                states[key] = nil
                continue
            }
            state.opposite += 1
            states[key] = state
            if state.opposite >= Self.rounds {
                states[key] = nil
                changes.append(.cured(state.finding))
            }
        }
        return changes
    }
}

extension TroubleWatch.Change {
    /// The event that tells of it.
    public func event(at time: Timestamp) -> Event {
        switch self {
        case .found(let finding):
            var values: [String: Event.Value] = ["check": .text(finding.id)]
            if let cause = finding.cause { values["cause"] = .text(cause) }
            if let command = finding.fix?.command { values["command"] = .text(command) }
            return Event(
                .diagnosisFound, finding.verdict == .fail ? .error : .warning, subject: finding.key,
                message: finding.evidence, values: values, at: time)
        case .cured(let finding):
            return Event(
                .diagnosisCured, .notice, subject: finding.key,
                message: "No longer found: \(finding.evidence)", values: ["check": .text(finding.id)], at: time)
        }
    }
}

extension Event.Code {
    /// The unit's look at itself has found something, twice in a row.
    public static let diagnosisFound = Event.Code(rawValue: "diagnosis.found")
    public static let diagnosisCured = Event.Code(rawValue: "diagnosis.cured")
}
