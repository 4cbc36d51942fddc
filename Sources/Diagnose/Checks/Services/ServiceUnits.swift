import Site

/// Whether the services that the unit stands on run.
struct ServiceUnits: Check {
    let id = "services.units"
    let title = "every service runs that should"
    let needs: Set<Probe> = [.services]

    /// Failed units that say nothing of this machine's work, with the reason.
    private static let passedOver: [String: String] = [
        "systemd-networkd-wait-online.service": "a site without a connection is no fault of the machine",
        "NetworkManager-wait-online.service": "a site without a connection is no fault of the machine",
        "systemd-time-wait-sync.service": "the clock has a check of its own",
    ]
    /// Those whose absence is a fault even when they have not failed.
    private static let wanted = ["picli.service", "picli-relays.service", "rsyslog.service"]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.services) { services in
            var found: [Judgement] = []
            for unit in services.units where unit.state == "failed" || unit.detail == "auto-restart" {
                found.append(failed(unit))
            }
            for unit in services.units where Self.wanted.contains(unit.name) && unit.state == "inactive" {
                found.append(stopped(unit, facts))
            }
            let known = services.units.map(\.name) + Self.passedOver.keys
            for name in services.failed where !known.contains(name) {
                found.append(name.hasPrefix("picli-nas@") ? drive(name) : stranger(name))
            }
            let running = services.units.count { $0.state == "active" }
            return found.isEmpty ? [.ok("\(running) services run, and none has failed.")] : found
        }
    }

    private func stranger(_ name: String) -> Judgement {
        .warn(
            "\(name) has failed.", name, cause: "It is no service of picli; something else may need it.",
            do: "read what it says", type: "systemctl status \(name) --no-pager", after: Self.deeper)
    }

    /// There is one for each drive, and it says itself what is the matter.
    private func drive(_ name: String) -> Judgement {
        .fail(
            "\(name) has failed.", name,
            cause: "A drive that was plugged in is not in its place: no camera records to it.", do: "see why",
            type: "picli nas list", after: Self.deeper)
    }

    private static let deeper: [Judgement.Deeper] = [
        .init("board.writable"), .init("board.space"), .init("board.errors"), .init("board.memory"),
    ]

    private func failed(_ unit: ServiceFacts.Unit) -> Judgement {
        let why =
            switch unit.result {
            case "watchdog": "It gave no sign of life, and was ended."
            case "oom-kill": "There was no memory left for it."
            case "start-limit-hit": "It failed too often in a short time."
            case "signal": "A signal has ended it."
            // Of sockets.
            case "resources": "Its port was taken, or something else that it needs was not there."
            case "trigger-limit-hit": "Somebody knocked again and again, and its service did not stay up."
            default: "It ended with status \(unit.exitStatus)."
            }
        // 64: the site file is not valid (EX_USAGE).
        let site: [Judgement.Deeper] = unit.exitStatus == 64 ? [.init("site.file")] : []
        return .fail(
            unit.detail == "auto-restart"
                ? "\(unit.name) ends again and again, and is being started anew." : "\(unit.name) has failed.",
            unit.name, cause: why, do: "read what it says",
            type: "journalctl -u \(unit.name) -n 30 --no-pager", after: site + Self.deeper)
    }

    private func stopped(_ unit: ServiceFacts.Unit, _ facts: Facts) -> Judgement {
        if unit.name == "rsyslog.service", facts.site.value.map(\.network.logSenders.isEmpty) ?? true {
            return .ok("\(unit.name) does not run, and nobody here sends log lines.", unit.name)
        }
        let isRelays = unit.name == "picli-relays.service"
        if isRelays, facts.site.value.map(\.relays.isEmpty) ?? true {
            return .ok("\(unit.name) does not run, and the site file names no relay.", unit.name)
        }
        let consequence =
            switch unit.name {
            case "picli.service": "nothing is recorded"
            case "picli-relays.service": "no relay is driven, and nobody can switch one"
            default: "no log line of router or camera is taken"
            }
        return .fail(
            "\(unit.name) does not run.", unit.name,
            cause: "Somebody has stopped it, or it was never started: \(consequence).", do: "start it",
            // To stop the owner of the lines is to let go of them.
            repair: .init(["systemctl", "start", unit.name], undo: isRelays ? nil : ["systemctl", "stop", unit.name]),
            after: [.init("site.file")])
    }
}
