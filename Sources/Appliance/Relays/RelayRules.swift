import Logging
import Platform
import Site

/// Carries out what the rules of the site file want: readings in, commands through the desk.
///
/// The end of a rule is the other state, which is only taken where what lasts is still the rule's wish: who switched by
/// hand meanwhile is left alone. What the owner does not take is asked for again.
actor RelayRules {
    /// What was wished and is not done yet.
    private struct Open {
        let wish: RuleDecider.Wish
        /// Milliseconds after boot; not before then is it asked for again.
        var retry: Int64 = 0
        var refusals = 0
    }

    private enum Outcome {
        case done
        /// The owner is away: asked for when it is back.
        case away
        case refused
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { desk.executor.asUnownedSerialExecutor() }

    private let desk: RelayDesk
    private let logger: Logger
    private var decider: RuleDecider
    /// By relay.
    private var open: [String: Open] = [:]
    /// Commands under way, by relay.
    private var work: [String: Task<Void, Never>] = [:]

    /// What the cause of a command says while a rule holds, and when it has ended.
    static let holds = "the rule holds"
    static let ended = "the rule has ended"
    /// Milliseconds from one refusal to the next try.
    private static let waits: [Int64] = [250, 1_000, 5_000, 30_000]

    init(_ desk: RelayDesk, logger: Logger) {
        self.desk = desk
        self.logger = logger
        decider = RuleDecider(desk.configurations)
    }

    /// When `pass(to:)` is to be called; milliseconds after boot.
    var due: Int64? { (open.values.map(\.retry) + [decider.due].compactMap(\.self)).min() }

    /// Sees to readings until there are no more.
    func follow(_ batches: AsyncStream<ReadingBatch>) async {
        for await batch in batches { observe(batch) }
    }

    func observe(_ batch: ReadingBatch) { wish(decider.observe(batch), at: batch.time.monotonic) }

    /// Time passes.
    func pass(to now: Int64) { wish(decider.pass(to: now), at: now) }

    /// Returns when what is wished was asked for.
    func settled() async { for task in work.values { await task.value } }

    /// The owner is back.
    ///
    /// The states of a crash and of a boot know no rule: what is wished of their relays is wished again. What a person
    /// wanted stands.
    func connected(at now: Int64) async {
        let anew = await desk.statuses.all.filter { [.boot, .crash].contains($0.lasting?.cause.kind) }
        for relay in open.keys { open[relay]?.retry = 0 }
        let wishes = decider.repeated(Set(anew.map(\.relay)))
        wish(wishes + decider.pass(to: now), at: now)
    }

    /// None waits for another one's command, nor the next reading for any.
    private func wish(_ wishes: [RuleDecider.Wish], at now: Int64) {
        for wish in wishes { open[wish.relay] = Open(wish: wish) }
        for relay in open.keys where work[relay] == nil {
            work[relay] = Task {
                await carryOut(relay, at: now)
                work[relay] = nil
            }
        }
    }

    /// Until nothing new is wished of it.
    private func carryOut(_ relay: String, at now: Int64) async {
        while let next = open[relay], next.retry <= now {
            let outcome = await perform(next.wish)
            // Another wish may have come meanwhile.
            guard open[relay]?.wish == next.wish else { continue }
            switch outcome {
            case .done: open[relay] = nil
            case .away: return
            case .refused:
                open[relay]?.retry = now + Self.waits[min(next.refusals, Self.waits.count - 1)]
                open[relay]?.refusals += 1
            }
        }
    }

    /// The state that lasts by a rule, whatever passes now; nil for somebody else's.
    private static func ruled(_ status: RelayStatus) -> RelayState? {
        guard let lasting = status.lasting, lasting.cause.kind == .rule, lasting.cause.why == holds else { return nil }
        return lasting.state
    }

    private func perform(_ wish: RuleDecider.Wish) async -> Outcome {
        let (statuses, isAway) = await desk.statuses
        guard !isAway, let status = statuses.first(where: { $0.relay == wish.relay }) else { return .away }
        let command: RelayCommand
        var expected: RelayState?
        if let state = wish.state {
            command = state == .on ? .on : .off
        } else if let state = Self.ruled(status) {
            command = state == .on ? .off : .on
            // Somebody may be switching it in this moment.
            if status.state == state, status.held == nil, status.override == nil { expected = state }
        } else {
            return .done
        }
        let cause = RelayCause.unit(.rule, wish.reason, why: wish.state == nil ? Self.ended : Self.holds)
        do {
            _ = try await desk.perform(RelayRequest(relay: wish.relay, command, cause: cause, expected: expected))
            return .done
        } catch {
            logger.warning(
                "a rule's command is not done yet",
                metadata: ["relay": "\(wish.relay)", "rule": "\(wish.reason)", "error": "\(error)"])
            return .refused
        }
    }
}
