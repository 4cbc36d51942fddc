import Site

/// What the owner of the relays would refuse, as far as how they stand tells that beforehand: so a request of several
/// commands of which one cannot be done does nothing at all.
///
/// Only what is sure is foretold; the owner has the last word (docs/relays.md).
struct ControlByWebForecast: Sendable {
    private let relays: [String: RelayConfiguration]
    /// As the owner has just told.
    private let statuses: [String: RelayStatus]
    /// Wall milliseconds.
    private let now: Int64

    init(_ configurations: [RelayConfiguration], _ statuses: [RelayStatus], now: Int64) {
        relays = Dictionary(configurations.map { ($0.id, $0) }) { first, _ in first }
        self.statuses = Dictionary(statuses.map { ($0.relay, $0) }) { first, _ in first }
        self.now = now
    }

    func watchdog(of id: String) -> WatchdogStatus.State? { statuses[id]?.watchdog?.state }

    /// - Parameter isFirst: No command of the same request comes before it for this relay: the load is as it stands.
    func refusal(of command: RelayCommand, on id: String, isFirst: Bool) -> RelayRefusal? {
        guard let relay = relays[id], let status = statuses[id] else { return nil }
        let state: RelayState
        switch command {
        case .on: state = .on
        case .off: state = .off
        case .toggle: state = status.wanted.other
        case .pulse(_, let wanted): state = wanted ?? status.state.other
        case .override, .release, .rearm, .disarm, .confirm: return nil
        }
        if let override = status.override {
            return RelayRefusal(
                .overridden, "\(override.cause.who) holds '\(id)' \(override.state.rawValue) by hand.",
                hint: "release the override first", retryAfter: override.ends.seconds)
        }
        if case .pulse(let length, _) = command, (length ?? relay.pulse) < Self.minimum(relay, state) {
            return RelayRefusal(
                .invalid,
                "The pulse of '\(id)' is shorter than minimum_\(state.rawValue) (\(Self.minimum(relay, state).siteText))."
            )
        }
        guard isFirst, state != status.state else { return nil }
        return lineOrCycles(relay, status, state) ?? tooEarly(command, relay, status)
    }

    private func lineOrCycles(
        _ relay: RelayConfiguration, _ status: RelayStatus, _ state: RelayState
    ) -> RelayRefusal? {
        if status.line == .failed {
            return RelayRefusal(
                .lineFailed, "The relay '\(relay.id)' does not take what it is told.",
                hint: "look at its chip and its wiring")
        }
        guard state == .on else { return nil }
        let hasHour = relay.cyclesPerHour.map { status.cycles.hour < $0 } ?? true
        let hasDay = relay.cyclesPerDay.map { status.cycles.day < $0 } ?? true
        if !hasHour || !hasDay {
            return RelayRefusal(
                .cyclesUsed, "The load of '\(relay.id)' was switched on as often as the site file allows.",
                hint: "wait, or raise cycles_per_hour or cycles_per_day")
        }
        for other in relays.values.map(\.id).sorted() where excludes(relay, other) {
            guard let override = statuses[other]?.override, override.state == .on else { continue }
            return RelayRefusal(
                .interlocked, "Relay '\(other)', which is never on together with '\(relay.id)', is held on by hand.",
                hint: "release the override of '\(other)'", retryAfter: override.ends.seconds)
        }
        return nil
    }

    /// A pulse begins at once or not at all; other commands wait.
    private func tooEarly(
        _ command: RelayCommand, _ relay: RelayConfiguration, _ status: RelayStatus
    ) -> RelayRefusal? {
        guard case .pulse = command else { return nil }
        let minimum = Self.minimum(relay, status.state).relayMilliseconds
        // A clock that was set back says nothing.
        let passed = now - status.since.milliseconds
        guard passed >= 0, passed < minimum else { return nil }
        return RelayRefusal(
            .tooEarly,
            "A pulse begins at once or not at all, and '\(relay.id)' stays \(status.state.rawValue) for now.",
            hint: "ask again later", retryAfter: Double(minimum - passed) / 1000)
    }

    private func excludes(_ relay: RelayConfiguration, _ other: String) -> Bool {
        other != relay.id
            && (relay.interlocks.contains(other) || relays[other]?.interlocks.contains(relay.id) == true)
    }

    private static func minimum(_ relay: RelayConfiguration, _ state: RelayState) -> Duration {
        state == .on ? relay.minimumOn : relay.minimumOff
    }
}
