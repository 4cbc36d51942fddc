public import Logging
import Platform
public import Relays
public import Site
public import Web

/// The one door to the relays: every command goes through here, whoever gives it, and what they do is told from here.
///
/// Who may command is said at the route (an operator, with a fresh password where that is asked for); here a command gets
/// its cause, is written into the audit log, and goes to the owner of the lines, who decides. A full card keeps nobody from
/// switching: what could not be written down goes with the next entry that can.
public actor RelayDesk {
    /// A thread of its own, which the rules share.
    nonisolated let executor = BlockingExecutor(name: "relay desk")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Stores entries of the audit log.
    public typealias Audit = @Sendable ([AuditEntry]) async throws -> Void

    public nonisolated let configurations: [RelayConfiguration]
    /// Every change of the document, for live readers.
    public nonisolated let broadcast = Broadcast<RelaysDocument>()
    /// Where requests of other products' clients wait for each other.
    nonisolated let queue = CommandQueue()

    private let owner: (any RelayDoor)?
    private let audit: Audit
    /// That of this program; nil where its owner cannot be of another one.
    private let version: String?
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private var known: [String: (status: RelayStatus, since: Int64)] = [:]
    private var away: String? = "The owner of the relays has not answered yet."
    private var problems: [String] = []
    private var unwritten: [AuditEntry] = []
    private var repeats = AuditRepeats()
    /// The card has refused the last ones, which was said.
    private var isRefused = false
    /// Entries that found no room in it.
    private var lost = 0
    /// Under way while entries are written.
    private var writing: Task<Void, Never>?

    private static let mostUnwritten = 2000

    /// - Parameter owner: Of the lines; nil for a site without relays.
    public init(
        _ configurations: [RelayConfiguration], owner: (any RelayDoor)?, audit: @escaping Audit,
        version: String? = nil, now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.configurations = configurations
        self.owner = owner
        self.audit = audit
        self.version = version
        self.now = now
        self.logger = logger
    }

    // MARK: How they stand

    /// All relays, as of now.
    public var document: RelaysDocument { document(of: configurations) }

    /// One relay.
    ///
    /// - Throws: `Problem` 404.
    public func document(of id: String) throws(Problem) -> RelaysDocument {
        document(of: [try configuration(id)])
    }

    private func document(of configurations: [RelayConfiguration]) -> RelaysDocument {
        let time = now().monotonic
        return RelaysDocument(
            away: away, problems: problems.isEmpty ? nil : problems,
            relays: configurations.map { relay in
                let status = known[relay.id].map { $0.status.passed(seconds: Double(time - $0.since) / 1000) }
                return .init(relay, status: status)
            })
    }

    private func configuration(_ id: String) throws(Problem) -> RelayConfiguration {
        if let found = configurations.first(where: { $0.id == id }) { return found }
        let ids = configurations.map(\.id).joined(separator: ", ")
        throw Problem(
            status: 404, code: "relay.unknown",
            detail: ids.isEmpty
                ? "The site file names no relays." : "There is no relay \(quoted(id)). There are \(ids).")
    }

    /// The owner answers; all its relays.
    func connected(_ overview: RelayOverview) {
        let time = now().monotonic
        away = nil
        problems = overview.problems(for: version)
        known = Dictionary(overview.relays.map { ($0.relay, ($0, time)) }) { $1 }
        broadcast.publish(document)
    }

    /// What the owner says of its site file and its card.
    func told(_ overview: RelayOverview) {
        let problems = overview.problems(for: version)
        guard problems != self.problems else { return }
        self.problems = problems
        broadcast.publish(document)
    }

    /// A relay stands otherwise than before.
    func changed(_ status: RelayStatus) {
        known[status.relay] = (status, now().monotonic)
        broadcast.publish(document)
    }

    /// The owner does not answer: why, in a sentence.
    func lost(_ reason: String) {
        guard away != reason else { return }
        away = reason
        broadcast.publish(document)
    }

    /// The statuses that are known, and whether they are of now.
    var statuses: (all: [RelayStatus], isAway: Bool) { (known.values.map(\.status), away != nil) }

    /// How all relays stand, as their owner says at this moment.
    ///
    /// - Throws: `Problem` 503 `relay.away`.
    func asked() async throws(Problem) -> [RelayStatus] {
        guard let owner else { return [] }
        do { return try await owner.overview().relays } catch {
            throw Problem(
                status: 503, code: Problem.relaysAway,
                detail: "The owner of the relays does not answer. Nothing was done.", retryAfter: 5)
        }
    }

    // MARK: Commands

    /// Does what somebody asks for, and writes down that it was asked.
    ///
    /// - Throws: `Problem`: what the owner refuses, with its code; 503 `relay.away` while it does not answer.
    public func perform(
        _ command: RelayCommand, on id: String, as kind: RelayCause.Kind, by origin: Origin, key: String? = nil,
        expected: RelayState? = nil
    ) async throws -> RelayAcceptance {
        _ = try configuration(id)
        let cause = RelayCause(kind, who: origin.actor, origin: origin.place)
        let request = RelayRequest(relay: id, command, cause: cause, key: key, expected: expected)
        let answer: RelayAnswer
        do throws(Problem) { answer = try await ask(request) } catch {
            note(
                command, id, origin, error.relayOutcome,
                kind == .compatibility && !error.mayBeDone ? .refused : .single)
            throw error
        }
        do throws(Problem) {
            let acceptance = try accept(answer)
            let held = acceptance.held.map { _ in "waits" }
            // Of what goes to the other state, the log would not say which that was.
            let done = command == .toggle ? "done, \(acceptance.state.rawValue)" : "done"
            let outcome = acceptance.isRepeat ? "repeated" : held ?? done
            if kind == .compatibility, acceptance.isProlonged == true {
                note(command, id, origin, "\(outcome), goes on", .number)
            } else if kind == .compatibility, acceptance.isUnchanged == true {
                note(command, id, origin, "\(outcome), nothing changed", .unchanged)
            } else {
                note(command, id, origin, outcome)
            }
            return acceptance
        } catch {
            note(command, id, origin, "refused: \(error.code)", kind == .compatibility ? .refused : .single)
            throw error
        }
    }

    /// Writes down a command that was not passed on to the owner, with the reason.
    func decline(_ command: RelayCommand, on id: String, by origin: Origin, _ reason: String) {
        note(command, id, origin, reason, .refused)
    }

    /// What a rule of the site file wants.
    func perform(_ request: RelayRequest) async throws -> RelayAcceptance { try accept(await ask(request)) }

    private func ask(_ request: RelayRequest) async throws(Problem) -> RelayAnswer {
        guard let owner else { throw Problem(RelayRefusal(.unknownRelay, "The site file names no relays.")) }
        do { return try await owner.command(request) } catch let unsent as RelayNotSent {
            throw Problem(
                status: 503, code: Problem.relaysAway, detail: "\(unsent.failure.message) Nothing was done.",
                retryAfter: 5)
        } catch {
            // Whoever asked may have hung up, or the owner ended in between.
            let failure = error as? Failure
            let reason = failure?.message ?? "The owner of the relays has not answered."
            var problem = Problem(
                status: 503, code: failure?.code ?? Problem.relaysAway,
                detail: "\(reason) Nothing is known to have been switched.", retryAfter: 5)
            problem.mayBeDone = true
            throw problem
        }
    }

    private func accept(_ answer: RelayAnswer) throws(Problem) -> RelayAcceptance {
        switch answer {
        case .refused(let refusal): throw Problem(refusal)
        case .accepted(let acceptance):
            let status = acceptance.status
            // Updates come by another connection: what they have told of a later change stands.
            let newest = known[status.relay]?.status.last?.number ?? 0
            if (status.last?.number ?? 0) >= newest {
                known[status.relay] = (status, now().monotonic)
                broadcast.publish(document)
            }
            return acceptance
        }
    }

    // MARK: The audit log

    /// Returns when what was asked for so far is written down, or the card has refused it.
    func written() async { await writing?.value }

    /// Nobody waits for the card.
    private func note(
        _ command: RelayCommand, _ id: String, _ origin: Origin, _ outcome: String,
        _ kind: AuditRepeats.Kind = .single
    ) {
        let entry = AuditEntry(
            time: now(), actor: origin.actor, origin: origin.place, action: .init("relay.\(command.word)"), subject: id,
            details: [command.details, outcome].compactMap(\.self).joined(separator: ": "))
        writeDown(entry, as: kind, outcome)
    }

    /// Writes down what was asked for beside the relays' own commands; nobody waits for the card.
    ///
    /// - Parameter outcome: What became of it, without what differs each time.
    func writeDown(_ entry: AuditEntry, as kind: AuditRepeats.Kind = .single, _ outcome: String = "") {
        keep(unwritten + repeats.take(entry, as: kind, outcome))
        writeAgain()
    }

    /// Tells what was said again and again, when it is time for that.
    ///
    /// - Parameter isLast: All of it: the unit stops.
    func tellRepeats(isLast: Bool = false) {
        keep(unwritten + repeats.due(at: isLast ? nil : now().monotonic))
        writeAgain()
    }

    /// Tries what the card has refused, if there is something.
    func writeAgain() {
        guard writing == nil, !unwritten.isEmpty else { return }
        writing = Task { await write() }
    }

    private func keep(_ entries: [AuditEntry]) {
        lost += max(0, entries.count - Self.mostUnwritten)
        unwritten = entries.suffix(Self.mostUnwritten)
    }

    /// What is said of entries that found no room.
    private var gap: [AuditEntry] {
        guard lost > 0 else { return [] }
        return [
            AuditEntry(
                time: now(), actor: "picli", origin: "unit", action: .init("relay.unrecorded"), subject: "relays",
                details: "\(lost) commands before these are not in this log: the card took nothing")
        ]
    }

    private func write() async {
        defer { writing = nil }
        while !unwritten.isEmpty {
            // Taken out first: while the journal writes, more may come.
            let (entries, gap, told) = (unwritten, gap, lost)
            unwritten = []
            do {
                try await audit(gap + entries)
                lost -= told
                isRefused = false
            } catch {
                keep(entries + unwritten)
                guard !isRefused else { return }
                isRefused = true
                logger.error(
                    "commands are not in the audit log yet",
                    metadata: ["commands": "\(unwritten.count)", "error": "\(error)"])
                return
            }
        }
    }
}

extension RelayOverview {
    /// What switching goes on with, and somebody should see to.
    ///
    /// - Parameter wanted: The version that the owner should have; nil where it has no other.
    func problems(for wanted: String?) -> [String] {
        [
            wanted.flatMap { $0 == version ? nil : $0 }.map {
                "The owner of the relays is of \(version.map { "version \($0)" } ?? "an earlier version"): systemctl restart picli-relays brings version \($0)."
            },
            siteProblem.map { "The owner of the relays goes by an earlier site file: \($0)" },
            zoneProblem.map { "No schedule acts: \($0)" },
            cardProblem.map { "The card takes no notes of the relays: \($0)" },
        ].compactMap(\.self)
    }
}

extension RelayCommand {
    /// `5s on`; nil for a command of one word.
    var details: String? {
        switch self {
        case .pulse(let length, let state):
            let words = [length?.siteText, state?.rawValue].compactMap(\.self)
            return words.isEmpty ? nil : words.joined(separator: " ")
        case .override(let state, let length): return "\(state.rawValue) for \(length.siteText)"
        case .on, .off, .toggle, .release, .rearm, .disarm, .confirm: return nil
        }
    }
}

extension Problem {
    /// The code while the owner of the lines does not answer.
    static let relaysAway = "relay.away"

    /// What the audit log says became of a command to a relay that was not carried out.
    var relayOutcome: String { mayBeDone ? "outcome unknown" : Self.relayOutcome(code) }

    /// The same of a code, where nothing was sent to the owner of the lines.
    static func relayOutcome(_ code: String) -> String { "\(code == relaysAway ? "not done" : "refused"): \(code)" }

    /// What the owner of the lines refuses.
    init(_ refusal: RelayRefusal) {
        let status =
            switch refusal.code {
            case .invalid: 400
            case .unknownRelay: 404
            case .keyReused: 422
            case .notNoted, .lineFailed, .notReady: 503
            case .unexpectedState, .overridden, .tooEarly, .cyclesUsed, .interlocked, .nothingToDo, .superseded: 409
            }
        let hint = refusal.hint.map { " \($0.prefix(1).uppercased() + $0.dropFirst())\($0.hasSuffix(".") ? "" : ".")" }
        self.init(
            status: status, code: refusal.code.rawValue, detail: refusal.message + (hint ?? ""),
            retryAfter: refusal.retryAfter.map { Int(max(0, min($0, 86_400)).rounded(.up)) }
                ?? (status == 503 ? 5 : nil))
    }
}
