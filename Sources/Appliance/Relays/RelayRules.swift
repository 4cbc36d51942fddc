import Logging
import Site

/// Carries out what the rules of the site file want: readings in, commands through the desk.
///
/// The end of a rule is the other state, which is only taken where the rule's own state still stands: who switched by hand
/// meanwhile is left alone. What the owner does not take is asked for again.
actor RelayRules {
    private let desk: RelayDesk
    private let logger: Logger
    private var decider: RuleDecider
    /// What was wished and is not done yet, by relay.
    private var open: [String: RuleDecider.Wish] = [:]
    private var isBusy = false

    /// What the cause of a command says while a rule holds, and when it has ended.
    static let holds = "the rule holds"
    static let ended = "the rule has ended"

    init(_ desk: RelayDesk, logger: Logger) {
        self.desk = desk
        self.logger = logger
        decider = RuleDecider(desk.configurations)
    }

    /// When `pass(to:)` is to be called; milliseconds after boot.
    var due: Int64? { open.isEmpty ? decider.due : 0 }

    func observe(_ batch: ReadingBatch) async { await wish(decider.observe(batch)) }

    /// Time passes, or the owner is back.
    func pass(to now: Int64) async { await wish(decider.pass(to: now)) }

    private func wish(_ wishes: [RuleDecider.Wish]) async {
        for wish in wishes { open[wish.relay] = wish }
        guard !isBusy else { return }
        isBusy = true
        defer { isBusy = false }
        for wish in open.values where await perform(wish) && open[wish.relay] == wish { open[wish.relay] = nil }
    }

    /// The state that a rule has brought about, or will once its change need not wait any more; nil for somebody else's.
    private static func ruled(_ status: RelayStatus) -> RelayState? {
        func isOurs(_ cause: RelayCause?) -> Bool { cause?.kind == .rule && cause?.why == holds }
        if let held = status.held { return isOurs(held.cause) ? held.state : nil }
        return isOurs(status.last?.cause) ? status.state : nil
    }

    /// False when it has to be asked for again.
    private func perform(_ wish: RuleDecider.Wish) async -> Bool {
        let (statuses, isAway) = await desk.statuses
        guard !isAway, let status = statuses.first(where: { $0.relay == wish.relay }) else { return false }
        let command: RelayCommand
        if let state = wish.state {
            command = state == .on ? .on : .off
        } else if let state = Self.ruled(status) {
            command = state == .on ? .off : .on
        } else {
            return true
        }
        let cause = RelayCause.unit(.rule, wish.reason, why: wish.state == nil ? Self.ended : Self.holds)
        do {
            _ = try await desk.perform(RelayRequest(relay: wish.relay, command, cause: cause))
            return true
        } catch {
            logger.warning(
                "a rule's command is not done yet",
                metadata: ["relay": "\(wish.relay)", "rule": "\(wish.reason)", "error": "\(error)"])
            return false
        }
    }
}
