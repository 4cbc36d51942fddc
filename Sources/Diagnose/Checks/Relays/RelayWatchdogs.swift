import Site

/// Whether the ping watchdogs would restart a load that hangs.
struct RelayWatchdogs: Check {
    let id = "relays.watchdog"
    let title = "every ping watchdog is on, and its restarts help"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let watched = configured.filter { $0.watchdog != nil }
            guard !watched.isEmpty else { return [.skipped("no relay has a watchdog")] }
            let wrong = watched.compactMap { relay -> Judgement? in
                guard let watchdog = relays[relay.id]?.watchdog else { return nil }
                switch watchdog.state {
                case .disarmed: return disarmed(relay)
                case .exhausted: return exhausted(relay, watchdog)
                case .resting, .waiting, .pinging, .restarting: return nil
                }
            }
            return wrong.isEmpty ? [.ok("Every watchdog is on.")] : wrong
        }
    }

    private func disarmed(_ relay: RelayConfiguration) -> Judgement {
        .warn(
            "The watchdog of '\(relay.name)' is off: nobody restarts the load when it hangs.", relay.id,
            cause: "Somebody has switched it off, or its attempts are used up.", do: "switch it on",
            repair: .init(
                ["picli", "relay", "watchdog", relay.id, "on"], undo: ["picli", "relay", "watchdog", relay.id, "off"]))
    }

    private func exhausted(_ relay: RelayConfiguration, _ watchdog: WatchdogStatus) -> Judgement {
        .warn(
            "The watchdog of '\(relay.name)' has restarted the load \(watchdog.attempts) times in a row, in vain.",
            relay.id, cause: "What it pings does not answer for another reason.", do: "see why that does not answer",
            type: "picli relay history \(relay.id)",
            after: [
                .init("network.link"), .init("network.address"), .init("network.conflict", "unit"),
                .init("network.reach"), .init("router.reach"), .init("camera.reach"), .init("network.names"),
                .init("network.outside"),
            ])
    }
}
