import Site

/// Whether router and cameras have been given their power.
struct RelayPower: Check {
    let id = "relays.power"
    let title = "no relay keeps power from router or camera"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let neighbours = (facts.site.value?.network.logSenders ?? []).map(\.name)
            let feeders = Set(neighbours.flatMap { facts.feeders(of: $0) }.map(\.id))
            guard !feeders.isEmpty else { return [.skipped("no relay feeds router or camera")] }
            return configured.filter { feeders.contains($0.id) }.map { relay in
                guard let status = relays[relay.id], status.line != .failed else {
                    return .skipped("how '\(relay.name)' stands is not known", relay.id)
                }
                guard status.state == .off else { return .ok("'\(relay.name)' is on.", relay.id) }
                if status.isOffOnPurpose {
                    return .ok("'\(relay.name)' is off, as the site file wants it now.", relay.id)
                }
                return off(relay, status)
            }
        }
    }

    private func off(_ relay: RelayConfiguration, _ status: RelayStatus) -> Judgement {
        let said = "'\(relay.name)' is off: what it feeds has no power."
        if status.watchdog?.state == .restarting {
            return .fail(
                said, relay.id, cause: "Its watchdog is restarting the load.", do: "wait until it is on again",
                type: "picli diagnose --watch --only relays")
        }
        var why = "That is its declared state after a start."
        if let last = status.last, last.to == .off, ![.boot, .crash].contains(last.cause.kind) {
            why = "It was switched off by \(last.cause.actor)."
        }
        let restore = status.restore.map { " It comes on by itself in \(Int64($0.seconds * 1000).shownTime)." } ?? ""
        return .fail(
            said, relay.id, cause: why + restore,
            do: "switch it on; 'picli relay history \(relay.id)' says who did what",
            repair: .init(["picli", "relay", "on", relay.id], undo: ["picli", "relay", "off", relay.id]))
    }
}

extension Check {
    /// Judges the relays, where their owner answers.
    func withRelays(_ facts: Facts, _ body: (RelayFacts, [RelayConfiguration]) -> [Judgement]) -> [Judgement] {
        with(facts.relays) { relays in
            guard relays.overview != nil else { return [.skipped("the owner of the relays does not answer")] }
            return body(relays, facts.site.value?.relays ?? [])
        }
    }
}

extension RelayCause {
    /// Who it was, without the name of an account: a finding leaves the unit in a bundle, and is read by any viewer.
    var actor: String {
        switch kind {
        case .person: "somebody"
        case .token, .compatibility: "a program"
        case .rule: "a rule (\(who))"
        case .schedule: "its schedule (\(who))"
        case .watchdog: "its watchdog"
        case .timer: "a time that ran out"
        case .interlock: "a relay that excludes it"
        case .boot, .crash: "the start of the unit"
        }
    }
}
