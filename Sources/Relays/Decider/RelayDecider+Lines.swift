import Site

/// What the card and the lines say.
extension RelayDecider {
    mutating func noted(_ number: Int64) {
        // One that is not found was given up in the meantime: nothing is driven any more.
        guard let place = relays.firstIndex(where: { $0.pending?.change.number == number }),
            case .noting = relays[place].pending?.phase
        else { return }
        relays[place].noteRetry = nil
        ready(place)
    }

    mutating func notNoted(_ number: Int64, _ reason: String) {
        guard let place = relays.firstIndex(where: { $0.pending?.change.number == number }),
            case .noting = relays[place].pending?.phase
        else { return }
        giveUp(place, "The card did not take the note: \(reason).", .notNoted)
    }

    /// A change failed: whoever waits is told, and what was asked for is wanted no more.
    ///
    /// What nobody waits for, a rule or a schedule, goes on wanting, and is tried again.
    mutating func giveUp(_ place: Int, _ reason: String, _ code: RelayRefusal.Code) {
        guard let pending = drop(place, code == .notNoted ? .abandoned : .failed, reason) else { return }
        if code == .notNoted {
            relays[place].noteRetry = now.monotonic + RelayLimits.noteRetry
            report(
                .relayNotNoted, .error, place,
                "Relay \(relays[place].id) was not switched \(pending.change.to.rawValue): a change is noted before it is made, and \(reason)",
                ["change": .number(Double(pending.change.number))])
        }
        let kind = pending.change.cause.kind
        if !kind.isAsked, kind != .watchdog { return settle(place, tickets: pending.tickets) }
        if let undo = pending.undo {
            relays[place].wishes = undo.wishes
            relays[place].watchdog = undo.watchdog
            // Rounds that came meanwhile were not counted, good ones neither: the row begins anew.
            if kind != .watchdog { relays[place].watchdog?.failures = 0 }
        }
        remember(place)
        for ticket in pending.tickets {
            forget(place, ticket)
            refuse(
                ticket.number, code, "The load is still \(relays[place].state.rawValue): \(reason)",
                hint: code == .notNoted ? "picli diagnose" : "look at the wiring and the bus of the relay", at: place)
        }
        settle(place)
    }

    mutating func driven(_ place: Int, _ change: Int64?) {
        touched.insert(place)
        if relays[place].line == .failed {
            relays[place].line = .good
            relays[place].lineRetry = nil
            // What the load had in between nobody knows; its minimum times and its start begin anew.
            relays[place].since = now.monotonic
            report(
                .relayLineRecovered, .notice, place,
                "Relay \(relays[place].id) takes what it is told again; the load is \(relays[place].state.rawValue).")
        }
        if relays[place].isBreaking {
            relays[place].isBreaking = false
            relays[place].since = now.monotonic
        }
        guard let pending = relays[place].pending, pending.phase == .driving, pending.change.number == change else {
            settle(place)
            for other in relays[place].excluded { settle(other) }
            return
        }
        relays[place].pending = nil
        complete(place, pending)
        settle(place)
        for other in relays[place].excluded { settle(other) }
    }

    private mutating func complete(_ place: Int, _ pending: PendingChange) {
        let change = pending.change
        let time = now.monotonic
        relays[place].state = change.to
        relays[place].since = time
        relays[place].last = change
        if change.to == .on {
            relays[place].countCycle(at: time)
            for other in relays[place].excluded { yieldPlace(other, to: place) }
        }
        if let pulse = relays[place].wishes.pulse, pulse.ends == nil, pulse.state == change.to {
            relays[place].wishes.pulse?.ends = time + pulse.length
        }
        if change.to == .off, let restore = relays[place].wishes.restore, restore.ends == nil {
            relays[place].wishes.restore?.ends = time + restore.length
        }
        if let watchdog = relays[place].watchdog, let step = watchdog.step, watchdog.stepEnds == nil,
            watchdog.limits.steps[step].state == change.to
        {
            relays[place].watchdog?.stepEnds = time + watchdog.limits.steps[step].length
        }
        if wanted(place).state == change.to {
            relays[place].wishes.returning = nil
            relays[place].wishes.released = nil
        }
        if change.to == .off, change.cause.kind == .interlock, relays[place].wishes.base == .on {
            // Forgotten as soon as the other one is on.
            relays[place].wishes.released = .unit(.interlock, change.cause.who, why: "it did not go on after all")
        }
        if pending.isSafe { actions.append(.note(.change(change))) }
        actions.append(
            .note(.result(RelayResult(number: change.number, relay: change.relay, outcome: .done, time: now))))
        remember(place)
        reportChange(place, change)
        for ticket in pending.tickets { accept(ticket, place, change: change.number) }
    }

    mutating func reportChange(_ place: Int, _ change: RelayChange) {
        let why = change.cause.why.map { " (\($0))" } ?? ""
        report(
            .relaySwitched, .notice, place,
            "Relay \(change.relay) was switched \(change.to.rawValue) by \(change.cause.who)\(why).",
            [
                "state": .text(change.to.rawValue), "change": .number(Double(change.number)),
                "kind": .text(change.cause.kind.rawValue), "who": .text(change.cause.who),
                "origin": .text(change.cause.origin),
            ])
    }

    mutating func driveFailed(_ place: Int, _ change: Int64?, _ reason: String) {
        lose(place, reason)
        if let pending = relays[place].pending, pending.phase == .driving, pending.change.number == change {
            giveUp(place, "The line did not take it: \(reason).", .lineFailed)
        } else {
            settle(place)
        }
    }

    /// The line takes nothing any more, until it does again.
    private mutating func lose(_ place: Int, _ reason: String) {
        touched.insert(place)
        relays[place].lineRetry = now.monotonic + RelayLimits.lineRetry
        guard relays[place].line != .failed else { return }
        relays[place].line = .failed
        report(
            .relayLineFailed, .critical, place,
            "Relay \(relays[place].id) does not take what it is told: \(reason). It is tried again every second; look at its chip and its wiring."
        )
    }

    mutating func readBack(_ place: Int, _ coil: Bool?) {
        touched.insert(place)
        guard let coil else {
            lose(place, "it cannot be read")
            settle(place)
            return
        }
        // On its way: what is read now says nothing.
        guard relays[place].pending?.phase != .driving else { return }
        let isRight = coil == relays[place].coil(relays[place].state)
        switch relays[place].line {
        case .failed:
            // The chip is back, and has perhaps forgotten everything.
            driveAgain(place)
        case .good where !isRight:
            relays[place].line = .mismatch
            relays[place].lineRetry = now.monotonic + RelayLimits.lineRetry
            report(
                .relayMismatch, .error, place,
                "Relay \(relays[place].id) was switched \(relays[place].state.rawValue), and its line reads the other way. It is driven again; look for another program or a short circuit.",
                ["state": .text(relays[place].state.rawValue)])
            driveAgain(place)
        case .mismatch where isRight:
            relays[place].line = .good
            relays[place].lineRetry = nil
            report(.relayMatches, .notice, place, "Relay \(relays[place].id) reads as it was switched again.")
            settle(place)
            for other in relays[place].excluded { settle(other) }
        case .mismatch where relays[place].lineRetry.map({ $0 <= now.monotonic }) ?? true:
            relays[place].lineRetry = now.monotonic + RelayLimits.lineRetry
            driveAgain(place)
        default: break
        }
    }

    /// The state that the line should have already.
    mutating func driveAgain(_ place: Int) {
        let state = relays[place].state
        if state == .on, guards.contains(.exclusion),
            relays[place].excluded.contains(where: { relays[$0].state == .on })
        {
            return
        }
        actions.append(
            .drive(
                RelayDrive(
                    relay: relays[place].id, coil: relays[place].coil(state), state: state, change: nil, isSafe: true)))
    }
}
