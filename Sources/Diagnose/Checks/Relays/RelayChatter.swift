import Site

/// Loads that are switched more often than they bear.
struct RelayChatter: Check {
    let id = "relays.chatter"
    let title = "no relay is switched again and again"
    let needs: Set<Probe> = [.relays]

    /// Times an hour: contacts that bear 100,000 cycles are worn out in ten weeks with it.
    private static let most = 60

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let restless = configured.compactMap { relay in
                relays[relay.id].flatMap { judge(relay, $0) }
            }
            return restless.isEmpty ? [.ok("No relay is switched again and again.")] : restless
        }
    }

    private func judge(_ relay: RelayConfiguration, _ status: RelayStatus) -> Judgement? {
        let isHeld = status.held?.reason == .cycles
        guard isHeld || status.cycles.hour > Self.most else { return nil }
        let held = isHeld ? ", and stays \(status.state.rawValue): no more are allowed" : ""
        return .warn(
            "'\(relay.name)' was switched on \(status.cycles.hour) times within the hour, \(status.cycles.day) within the day\(held).",
            relay.id, cause: status.last.map { cause($0.cause) } ?? "Who does it is not known.",
            do: "see who switches it", type: "picli relay history \(relay.id)")
    }

    private func cause(_ cause: RelayCause) -> String {
        switch cause.kind {
        case .rule: "A rule wavers (\(cause.who)): its 'clear' is too near, or its reading jumps about."
        case .watchdog: "Its watchdog restarts the load, and that does not help."
        default: "It is switched by \(cause.actor)."
        }
    }
}
