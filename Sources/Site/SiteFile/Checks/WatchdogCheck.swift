/// Watchdogs: whether they can judge, and whether what they do can be undone.
extension SiteCheck {
    mutating func checkWatchdog(_ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]) {
        checkTargets(watchdog, entry)
        checkMethod(watchdog, of: relay, entry)
        checkRestarts(watchdog, of: relay, entry)
        switch relay.feeds {
        case .router: checkRouterWatchdog(watchdog, entry)
        case .camera, .other: checkLoad(watchdog, of: relay, entry)
        }
    }

    // MARK: Who is pinged

    /// The addresses that a word stands for.
    private func hosts(_ target: RelayWatchdog.Target) -> [String] {
        switch target {
        case .gateway: router.map { [$0] } ?? []
        case .camera: site.network.cameras.map { "\($0.address)" }
        case .witness: site.network.witnesses
        case .host(let host): [host]
        }
    }

    private var router: String? { site.network.router.map { "\($0.address)" } }

    /// Each host that is pinged: whatever names it, one that is silent is one.
    private func hosts(_ watchdog: RelayWatchdog) -> Set<String> { Set(watchdog.ping.flatMap { hosts($0) }) }

    private mutating func checkTargets(_ watchdog: RelayWatchdog, _ entry: [PathPart]) {
        if watchdog.ping.isEmpty {
            note(.error, path(entry + [.key("ping")]), "nobody is pinged", "name gateway, witness, camera or hosts")
        }
        var isComplete = true
        var known: [String: String] = [:]
        for (position, target) in watchdog.ping.enumerated() {
            let place = path(entry + [.key("ping"), .index(position)])
            let hosts = hosts(target)
            if hosts.isEmpty {
                isComplete = false
                checkMissing(target, place)
            } else if let own = hosts.first(where: { isOwn($0) }) {
                note(
                    .error, place, "\(own) is the unit itself, which always answers",
                    "name a host whose silence means that the load has failed")
            } else if let twice = hosts.first(where: { known[$0] != nil }), let other = known[twice] {
                note(
                    .warning, place, "\(twice) is pinged already, as '\(other)': one host counts once",
                    "remove one of the two")
            }
            for host in hosts { known[host] = target.word }
        }
        if let witnesses = watchdog.witnesses, isComplete, !known.isEmpty, witnesses > known.count {
            note(
                .error, path(entry + [.key("witnesses")]),
                "\(witnesses) hosts are to be silent, and \(known.count) \(known.count == 1 ? "is" : "are") pinged: it would never restart anything",
                "name more hosts in 'ping', or set 'witnesses: \(known.count)'")
        }
    }

    /// A word for which `network` has nothing; one that stands there with a fault has a diagnostic of its own.
    private mutating func checkMissing(_ target: RelayWatchdog.Target, _ place: [PathPart]) {
        let key = target == .gateway ? "router" : target.word
        guard root["network"]?[key] == nil else { return }
        note(.error, place, "there is no 'network.\(key)' to ping", "add it, or name a host here")
    }

    private func isOwn(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback == true || host == site.network.unit.map { "\($0.address)" }
    }

    // MARK: What it is for

    /// A load that is cut although what it feeds has not failed.
    private mutating func checkLoad(_ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]) {
        let pinged = hosts(watchdog)
        let way = Set([router].compactMap(\.self) + site.network.witnesses)
        let place = path(entry + [.key("ping")])
        if relay.feeds == .camera {
            guard !pinged.isDisjoint(with: way), pinged.isDisjoint(with: hosts(.camera)) else { return }
            note(
                .warning, place, "the camera's power is cut when the router or the carrier fails",
                "ping the camera itself: [camera]")
        } else if !pinged.isEmpty, pinged.isSubset(of: way) {
            note(
                .warning, place, "the load is cut when the router or the carrier fails, and does not feed the router",
                "ping what it feeds; or set 'feeds: router', if the way out hangs on it")
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
        let pinged = hosts(watchdog)
        let pingsRouter = watchdog.ping.contains(.gateway) || router.map { pinged.contains($0) } == true
        let isAlone = watchdog.ping.allSatisfy { $0 == .gateway || hosts($0) == router.map { [$0] } }
        if !watchdog.ping.isEmpty, isAlone {
            note(
                .warning, path(entry + [.key("ping")]),
                "a router that answers but has lost its carrier is never restarted",
                "add two hosts beyond it: ping: [gateway, witness], witnesses: 2")
        }
        if !watchdog.ping.isEmpty, !pingsRouter, pinged.count < 2 {
            note(
                .warning, path(entry + [.key("ping")]),
                "without the gateway, a fault of the witness alone cuts the router", "ping both: [gateway, witness]")
        }
        if watchdog.witnesses == 1, pinged.count > 1 {
            note(
                .error, path(entry + [.key("witnesses")]), "one silent host alone would cut the router",
                "set 'witnesses: 2', so that two agree")
        }
    }
}
