import Site

/// State against command: whether each line takes what it is told, and reads back as driven.
struct RelayLines: Check {
    let id = "relays.lines"
    let title = "every relay's line does what it is told"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let wrong = configured.compactMap { relay -> Judgement? in
                switch relays[relay.id]?.line {
                case .failed: failed(relay, relays)
                case .mismatch: mismatch(relay, relays[relay.id])
                case .good, nil: nil
                }
            }
            return wrong.isEmpty ? [.ok("Every line does what it is told.")] : wrong
        }
    }

    private func failed(_ relay: RelayConfiguration, _ relays: RelayFacts) -> Judgement {
        let wanted = relays[relay.id]?.wanted ?? .off
        let head = "'\(relay.name)' should be \(wanted.rawValue), and cannot be driven"
        switch relay.output {
        case .expander(let pin):
            return .fail(
                "\(head): \(pin) does not answer.", relay.id,
                cause: "The expander has no supply, or a wire of its bus is off.",
                do: "check its supply, SDA and SCL", type: "picli sensors scan",
                after: [.init("power.voltage"), .init("boot.config"), .init("buses.i2c", "i2c-\(pin.location.bus)")])
        case .line(let number):
            switch relays.failedLines[relay.id] {
            case .taken(let owner) where owner != "picli-relays":
                return .fail(
                    "\(head): GPIO\(number) is taken by \(owner.isEmpty ? "somebody else" : "'\(owner)'").", relay.id,
                    cause: "A line has one owner at a time: a program or a dtoverlay was there first.",
                    do: "end the program, or remove the dtoverlay and restart", type: "picli provision check-boot",
                    after: [.init("boot.config")])
            case .absent(let reason):
                return .fail(
                    "\(head): \(reason).", relay.id, cause: "The board's chip of lines is gone, or has no driver.",
                    do: "restart the machine", type: "journalctl -k -b -n 50 --no-pager",
                    after: [.init("boot.config")])
            default:
                return .fail(
                    "\(head): GPIO\(number) does not take what it is told.", relay.id,
                    cause: "It is tried again every second.", do: "read what its owner says",
                    type: "journalctl -u picli-relays -n 30 --no-pager")
            }
        }
    }

    private func mismatch(_ relay: RelayConfiguration, _ status: RelayStatus?) -> Judgement {
        let place =
            switch relay.output {
            case .line(let number): "GPIO\(number)"
            case .expander(let pin): "\(pin)"
            }
        return .fail(
            "'\(relay.name)' was switched \((status?.state ?? .off).rawValue), and \(place) reads the other way.",
            relay.id, cause: "Its line has a short, or another program drives it.",
            do: "take the relay off the line, and see whether it reads right then",
            type: "picli diagnose --watch --only relays.lines")
    }
}
