import Relays
import Site

/// What happens, by chance.
extension RelayWorld {
    mutating func happen() {
        switch mood {
        case .mixed: happenMixed()
        case .outage:
            switch Int.random(in: 0..<400, using: &random) {
            case 0..<300: answerPings()
            case 300..<394: pass(Int64.random(in: 1...120_000, using: &random))
            default: happenMixed()
            }
        case .restless:
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<70: ask()
            case 70..<94: pass(Int64.random(in: 1...20_000, using: &random))
            default: happenMixed()
            }
        }
    }

    private mutating func happenMixed() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<34: pass(length())
        case 34..<62: ask()
        case 62..<82: answerPings()
        case 82..<86: card = Card(rawValue: [0, 0, 0, 1, 1, 2, 3][Int.random(in: 0..<7, using: &random)]) ?? .good
        case 86..<90: breakLine()
        case 90..<93: readBack()
        case 93..<95: setClock()
        case 95..<97: restart()
        case 97: reboot()
        default: pass(Int64.random(in: 1...2000, using: &random))
        }
    }

    private mutating func length() -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: Int64.random(in: 1...3000, using: &random)
        case 4..<7: Int64.random(in: 1000...60_000, using: &random)
        case 7..<9: Int64.random(in: 60_000...900_000, using: &random)
        default: Int64.random(in: 600_000...14_400_000, using: &random)
        }
    }

    private mutating func relay() -> RelayConfiguration {
        site.relays[Int.random(in: 0..<site.relays.count, using: &random)]
    }

    private mutating func ask() {
        let relay = relay()
        let kinds: [RelayCause.Kind] = [.person, .person, .token, .rule, .compatibility]
        let cause = RelayCause(
            kinds[Int.random(in: 0..<kinds.count, using: &random)], who: "anna", origin: "192.168.1.20")
        tickets += 1
        var request = RelayRequest(relay: relay.id, command(), cause: cause)
        if Int.random(in: 0..<4, using: &random) == 0 {
            request.key = "k\(Int.random(in: 0..<6, using: &random))"
        }
        if Int.random(in: 0..<6, using: &random) == 0 { request.expected = Bool.random(using: &random) ? .on : .off }
        tell(.command(request, ticket: tickets))
    }

    private mutating func command() -> RelayCommand {
        let state: RelayState = Bool.random(using: &random) ? .on : .off
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: return .on
        case 5..<9: return .off
        case 9..<11: return .toggle
        case 11..<15:
            let lengths: [Int64] = [10, 100, 1500, 5000, 30_000, 70_000, 600_000, 90_000_000]
            let length = lengths[Int.random(in: 0..<lengths.count, using: &random)]
            let given: RelayState? = Bool.random(using: &random) ? state : nil
            return .pulse(.milliseconds(length), given)
        case 15..<17: return .override(state, for: .seconds(Int.random(in: 1...4000, using: &random)))
        case 17: return .release
        case 18: return Bool.random(using: &random) ? .rearm : .disarm
        default: return .confirm
        }
    }

    /// Brings back the rounds that are out; mostly as one site would see them.
    private mutating func answerPings() {
        let open = rounds
        rounds = []
        guard !open.isEmpty else { return pass(20_000) }
        let answer = mood == .outage ? Int.random(in: 0..<40, using: &random) : Int.random(in: 0..<10, using: &random)
        for question in open {
            var outcomes: [String: PingRound.Outcome] = [:]
            for target in question.targets {
                outcomes[target] =
                    switch answer {
                    case 6: .answered
                    case 0..<6, 10...: .silent
                    default: [.answered, .silent, .notAsked][Int.random(in: 0..<3, using: &random)]
                    }
            }
            let carrier: Bool? = Int.random(in: 0..<8, using: &random) == 0 ? false : true
            tell(
                .pinged(
                    PingRound(
                        relay: question.relay, number: question.number, outcomes: outcomes, hasCarrier: carrier)))
        }
    }

    private mutating func breakLine() {
        let id = relay().id
        if broken.remove(id) == nil {
            if Int.random(in: 0..<3, using: &random) == 0 {
                broken.insert(id)
                monitor.repaired(id, at: nil)
            }
        } else {
            monitor.repaired(id, at: time)
        }
    }

    private mutating func readBack() {
        let id = relay().id
        if broken.contains(id) {
            tell(.readBack(relay: id, coil: nil))
        } else if let coil = coils[id] {
            tell(.readBack(relay: id, coil: Int.random(in: 0..<20, using: &random) == 0 ? !coil : coil))
        }
    }

    private mutating func setClock() {
        isTrusted = Int.random(in: 0..<4, using: &random) != 0
        error = Int64.random(in: -400 * 86_400_000...400 * 86_400_000, using: &random)
        tell(.tick)
    }

    /// The owner ends, as told or not, and starts again.
    private mutating func restart() {
        let isTold = Bool.random(using: &random)
        if isTold { tell(.stopping) }
        time += Int64.random(in: 200...5000, using: &random)
        start(isTold ? .restart : .crash)
    }

    private mutating func reboot() {
        time += Int64.random(in: 5000...3_600_000, using: &random)
        booted = time - Int64.random(in: 1000...8000, using: &random)
        boot += 1
        isTrusted = false
        error = -Int64.random(in: 0...10_000_000_000, using: &random)
        start(.boot)
    }
}
