/// Watchdogs: whether they can judge, and whether what they do can be undone.
extension SiteCheck {
    mutating func checkWatchdog(_ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]) {
        checkTargets(watchdog, entry)
        checkMethod(watchdog, of: relay, entry)
        switch relay.feeds {
        case .router: checkRouterWatchdog(watchdog, entry)
        case .camera:
            if watchdog.ping.contains(where: { $0 == .witness || $0 == .gateway }), !watchdog.ping.contains(.camera) {
                note(
                    .warning, path(entry + [.key("ping")]),
                    "the camera's power is cut when the router or the carrier fails", "ping the camera itself: [camera]"
                )
            }
        case .other: break
        }
    }

    private mutating func checkTargets(_ watchdog: RelayWatchdog, _ entry: [PathPart]) {
        if watchdog.ping.isEmpty {
            note(.error, path(entry + [.key("ping")]), "nobody is pinged", "name gateway, witness, camera or hosts")
        }
        var isComplete = true
        for (position, target) in watchdog.ping.enumerated() {
            let missing: String? =
                switch target {
                case .gateway: site.network.router == nil && root["network"]?["router"] == nil ? "network.router" : nil
                case .camera: site.network.cameras.isEmpty && root["network"]?["camera"] == nil ? "network.camera" : nil
                case .witness:
                    site.network.witnesses.isEmpty && root["network"]?["witness"] == nil ? "network.witness" : nil
                case .host: nil
                }
            if let missing {
                isComplete = false
                let place = path(entry + [.key("ping"), .index(position)])
                note(.error, place, "there is no '\(missing)' to ping", "add it, or name a host here")
            }
        }
        let count = targets(watchdog)
        if let witnesses = watchdog.witnesses, isComplete, count > 0, witnesses > count {
            note(
                .error, path(entry + [.key("witnesses")]),
                "\(witnesses) targets are to be silent, and \(count) are pinged: it would never restart anything",
                "name more hosts in 'ping', or set 'witnesses: \(count)'")
        }
    }

    /// How many addresses are pinged.
    private func targets(_ watchdog: RelayWatchdog) -> Int {
        watchdog.ping.reduce(0) { count, target in
            switch target {
            case .gateway, .host: count + 1
            case .camera: count + site.network.cameras.count
            case .witness: count + site.network.witnesses.count
            }
        }
    }

    private mutating func checkMethod(
        _ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]
    ) {
        for (position, step) in watchdog.steps.enumerated() {
            let minimum = step.state == .on ? relay.minimumOn : relay.minimumOff
            guard step.length < minimum else { continue }
            let key = step.state == .off ? "off_for" : watchdog.method == .atx && position == 0 ? "hold" : "press"
            note(
                .error, path(entry + [.key(key)]),
                "\(step.length.siteText) is shorter than 'minimum_\(step.state.rawValue)' (\(minimum.siteText))",
                "raise it to \(minimum.siteText)")
        }
        switch watchdog.method {
        case .cut:
            if watchdog.pressAtBoot {
                note(
                    .error, path(entry + [.key("press_at_boot")]), "there is no button to press with 'method: cut'",
                    "remove it, or set 'method: button' or 'method: atx'")
            }
        case .button, .atx:
            if relay.boot == .on {
                note(
                    .error, path(entry + [.key("method")]), "the relay is a button, and 'boot: on' holds it pressed",
                    "set 'boot: off'")
            }
        }
        if let hour = relay.cyclesPerHour, hour < watchdog.steps.count(where: { $0.state == .on }) + 1 {
            note(
                .warning, path(entry), "'cycles_per_hour: \(hour)' leaves a restart no room", "raise 'cycles_per_hour'")
        }
    }

    /// The watchdog of the way out: what it pings lies behind what it switches.
    private mutating func checkRouterWatchdog(_ watchdog: RelayWatchdog, _ entry: [PathPart]) {
        if watchdog.thenEvery == nil {
            note(
                .error, path(entry),
                "after \(watchdog.attempts) restarts in a row the router's watchdog never tries again: a long outage of the carrier costs a visit",
                "add 'then_every: 6h'")
        }
        if watchdog.ping == [.gateway] {
            note(
                .warning, path(entry + [.key("ping")]),
                "a router that answers but has lost its carrier is never restarted",
                "add two hosts beyond it: ping: [gateway, witness], witnesses: 2")
        }
        if !watchdog.ping.isEmpty, !watchdog.ping.contains(.gateway), targets(watchdog) < 2 {
            note(
                .warning, path(entry + [.key("ping")]),
                "without the gateway, a fault of the witness alone cuts the router", "ping both: [gateway, witness]")
        }
        if watchdog.witnesses == 1, targets(watchdog) > 1 {
            note(
                .error, path(entry + [.key("witnesses")]), "one silent host alone would cut the router",
                "set 'witnesses: 2', so that two agree")
        }
    }
}
