import Relays
import Site

/// What was asked and answered, and what the watchdogs did.
extension RelayMonitor {
    /// A change that goes in the safe direction, by its own word.
    mutating func safe(_ change: RelayChange, at time: Int64) {
        switch change.cause.kind {
        case .timer, .boot, .crash: break
        // A start lets one of an interlock go off.
        case .interlock where starting != nil: break
        case .watchdog:
            // The end of a restart: the load starts up.
            guard let place = index[change.relay], change.to == seen[place].watchdog?.watchdog.rest else { return }
            seen[place].quietFrom = time
        default: fail(7, "\(change.cause.kind) switched \(change.relay) without a note before it")
        }
    }

    /// A change that waits for its note.
    mutating func intended(_ change: RelayChange, at time: Int64) {
        lastNumber = max(lastNumber, change.number)
        guard let place = index[change.relay] else { return }
        switch change.cause.kind {
        case .timer: fail(11, "the end of something passing waits for a note")
        case .schedule: if !wasTrusted { fail(12, "a schedule switched \(change.relay) by a clock nobody vouches for") }
        case .watchdog:
            guard let watchdog = seen[place].watchdog, change.from == watchdog.watchdog.rest else { return }
            seen[place].restartChanges.insert(change.number)
            if seen[place].bad < watchdog.watchdog.failures {
                fail(13, "\(change.relay) is restarted after \(seen[place].bad) bad rounds")
            }
            if seen[place].row >= watchdog.watchdog.attempts {
                if let every = watchdog.every, let last = seen[place].lastRestart {
                    if time - last < every { fail(15, "\(change.relay) is restarted again too soon") }
                } else {
                    fail(15, "\(change.relay) is restarted more than \(watchdog.watchdog.attempts) times in a row")
                }
            }
        default: break
        }
    }

    // MARK: Watchdogs

    mutating func restarted(_ place: Int, at time: Int64) {
        guard let watchdog = seen[place].watchdog else { return }
        seen[place].restarts.removeAll { $0 <= time - 86_400_000 }
        seen[place].restarts.append(time)
        seen[place].lastRestart = time
        seen[place].row += 1
        seen[place].bad = 0
        if seen[place].restarts.count > watchdog.watchdog.perDay {
            fail(16, "\(seen[place].configuration.id) is restarted more than \(watchdog.watchdog.perDay) times a day")
        }
    }

    /// A round as the site file means it.
    mutating func judge(_ place: Int, _ round: PingRound, at time: Int64) {
        guard let watchdog = seen[place].watchdog, let asked = seen[place].asked, asked.number == round.number,
            time - asked.time < 30_000
        else { return }
        seen[place].asked = nil
        guard round.hasCarrier != false else { return }
        let silent = round.outcomes.values.count { $0 == .silent }
        let answered = round.outcomes.values.count { $0 == .answered }
        if silent >= watchdog.witnesses {
            seen[place].bad += 1
        } else if answered > watchdog.targets - watchdog.witnesses {
            seen[place].bad = 0
            seen[place].row = 0
        }
    }

    mutating func asked(_ question: PingQuestion, at time: Int64) {
        guard let place = index[question.relay], let watchdog = seen[place].watchdog else { return }
        let relay = seen[place]
        seen[place].asked = (question.number, time)
        if watchdog.watchdog.rest == .on, time - relay.since < watchdog.delay {
            fail(14, "\(question.relay) is pinged \(time - relay.since) ms after it was switched on")
        }
        if let from = relay.quietFrom, relay.row > 0 {
            var quiet = watchdog.delay
            for _ in 1..<max(1, min(relay.row, watchdog.watchdog.attempts)) {
                quiet = min(max(watchdog.delay, 6 * 3_600_000), quiet * Int64(watchdog.watchdog.backOff))
            }
            if time - from < quiet {
                fail(14, "\(question.relay) is pinged \(time - from) ms after restart \(relay.row)")
            }
        }
    }

    // MARK: Answers

    mutating func answered(_ ticket: UInt64, _ answer: RelayAnswer, at time: Int64) {
        guard let asked = open.removeValue(forKey: ticket), let place = index[asked.request.relay] else {
            return fail(9, "ticket \(ticket) was answered twice")
        }
        guard case .accepted(let acceptance) = answer else { return }
        let request = asked.request
        if let key = request.key {
            if let before = seen[place].keys[key], time - before.time < 86_400_000 {
                if before.command != request.command { fail(17, "the key \(key) was used for two commands") }
                if !acceptance.isRepeat, acceptance.change != before.change { fail(17, "\(key) was carried out twice") }
            }
            if !acceptance.isRepeat { seen[place].keys[key] = (request.command, acceptance.change, asked.time) }
        }
        guard !acceptance.isRepeat else { return }
        if let expected = request.expected, expected != asked.state {
            fail(18, "\(request.relay) was \(asked.state), not \(expected) as expected")
        }
        let isLast = seen[place].lastTicket == ticket
        switch request.command {
        case .pulse(let length, let state):
            let length = length?.relayMilliseconds ?? seen[place].configuration.pulse.relayMilliseconds
            if !(100...86_400_000).contains(length) { fail(6, "a pulse of \(length) ms was accepted") }
            if let state, length < (state == .on ? seen[place].minimumOn : seen[place].minimumOff) {
                fail(6, "a pulse of \(length) ms is shorter than the minimum time")
            }
            if isLast, let pulse = acceptance.status.pulse, abs(pulse.seconds * 1000 - Double(length)) > 1 {
                fail(6, "a pulse of \(length) ms ends in \(pulse.seconds) s")
            }
        case .on, .off, .toggle:
            if isLast, acceptance.status.pulse != nil { fail(6, "a command did not end the pulse") }
            if isLast { checkRestore(place, acceptance, asked) }
        case .override(let state, let length):
            if isLast, acceptance.status.override?.state == state {
                seen[place].override = (state, asked.time + length.relayMilliseconds)
            }
        case .release: if isLast { seen[place].override = nil }
        case .rearm, .disarm:
            seen[place].row = 0
        case .confirm: break
        }
    }

    /// Somebody switched a load off that is to come on by itself.
    private mutating func checkRestore(
        _ place: Int, _ acceptance: RelayAcceptance, _ asked: (request: RelayRequest, time: Int64, state: RelayState)
    ) {
        guard seen[place].restore != nil, asked.request.cause.kind.isAsked, asked.state == .on,
            acceptance.state == .off, acceptance.change != nil, acceptance.status.last?.number == acceptance.change,
            acceptance.status.wanted == .off, seen[place].configuration.boot == .on
        else { return }
        if acceptance.status.restore == nil { fail(19, "\(asked.request.relay) is off without a restore") }
    }

    // MARK: Looking

    /// What the decider says of itself, against what was seen.
    mutating func look(_ decider: RelayDecider, at time: Int64, _ now: Timestamp, _ input: RelayInput) {
        for place in seen.indices {
            guard let status = decider.status(of: seen[place].configuration.id, at: now) else { continue }
            if status.pulse?.seconds == 0 { fail(6, "the pulse of \(status.relay) is not over") }
            if status.override?.ends.seconds == 0 { fail(5, "the override of \(status.relay) is not over") }
            if status.restore?.seconds == 0 { fail(19, "the restore of \(status.relay) is overdue") }
            if status.watchdog?.state == .restarting, status.watchdog?.next?.seconds == 0 {
                fail(20, "the restart of \(status.relay) is not over")
            }
            if status.line == .good, starting == nil, seen[place].drive == nil, status.state != seen[place].state {
                fail(21, "\(status.relay) is said to be \(status.state)")
            }
            if status.override == nil { seen[place].override = nil }
            if seen[place].override == nil, let override = status.override {
                seen[place].override = (override.state, time + Int64(override.ends.seconds * 1000))
            }
            if status.line == .failed, let repaired = seen[place].repaired, lastTick > repaired + 5000 {
                fail(22, "\(status.relay) was not tried again")
            }
            if case .pinged(let round) = input, round.relay == status.relay, let watchdog = status.watchdog,
                watchdog.last == .good, watchdog.state == .pinging || watchdog.state == .exhausted,
                watchdog.attempts > 0,
                round.hasCarrier != false, round.outcomes.values.allSatisfy({ $0 == .answered })
            {
                fail(15, "\(status.relay) has not got its attempts back")
            }
        }
    }
}
