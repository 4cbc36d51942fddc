import Site

/// From what is wanted to what is done.
extension RelayDecider {
    /// What a load should have now, and why.
    struct Wanted {
        var state: RelayState
        var cause: RelayCause
        /// Back from something passing, or a state of the start: acts first and is noted afterwards.
        var isSafe: Bool
    }

    /// By rank: an override, a relay that takes this one's place, a restart of the watchdog, a pulse, what lasts.
    func wanted(_ place: Int) -> Wanted {
        let relay = relays[place]
        if let override = relay.wishes.override, guards.contains(.overrideHolds) {
            return Wanted(state: override.state, cause: override.cause, isSafe: false)
        }
        if let successor = successor(of: place) {
            return Wanted(state: .off, cause: .unit(.interlock, successor), isSafe: false)
        }
        if let watchdog = relay.watchdog, let step = watchdog.step {
            return Wanted(
                state: watchdog.limits.steps[step].state,
                cause: .unit(.watchdog, "watchdog", why: watchdogReason(watchdog)), isSafe: step > 0)
        }
        if let pulse = relay.wishes.pulse {
            return Wanted(state: pulse.state, cause: pulse.cause, isSafe: false)
        }
        let cause = relay.wishes.returning ?? relay.wishes.released ?? relay.wishes.cause
        let isSafe = relay.wishes.returning != nil || cause.kind == .boot || cause.kind == .crash
        return Wanted(state: relay.wishes.base, cause: cause, isSafe: isSafe)
    }

    /// The relay that is to be on as soon as this one is off.
    func successor(of place: Int) -> String? {
        for other in relays[place].excluded {
            if let pending = relays[other].pending, pending.change.to == .on, case .making = pending.phase {
                return relays[other].id
            }
        }
        return nil
    }

    /// Brings a relay on its way to what is wanted.
    mutating func settle(_ place: Int, tickets: [PendingChange.Ticket] = [], undo: PendingChange.Undo? = nil) {
        touched.insert(place)
        let wanted = wanted(place)
        var undo = undo
        if let pending = relays[place].pending {
            if pending.change.to == wanted.state || pending.phase == .driving {
                relays[place].pending?.tickets += tickets
                if case .making = pending.phase { make(place) }
                return
            }
            // What never happened is not what an undo goes back to.
            undo = pending.undo ?? undo
            abandon(place, "another command took its place", code: .superseded)
            remember(place)
            // Those that went off for it go on again.
            if pending.change.to == .on { for other in relays[place].excluded { settle(other) } }
        }
        guard wanted.state != relays[place].state else {
            relays[place].held = nil
            // Something passing may want the state that it has; it is not back then.
            if relays[place].wishes.base == wanted.state {
                relays[place].wishes.returning = nil
                relays[place].wishes.released = nil
            }
            // The answer tells when the watchdog pings next.
            watch(place)
            for ticket in tickets { accept(ticket, place, change: nil) }
            return
        }
        if let wait = wait(place, wanted) {
            relays[place].held = wait
            watch(place)
            for ticket in tickets { accept(ticket, place, change: nil) }
            return
        }
        relays[place].held = nil
        start(place, wanted, tickets, undo)
        watch(place)
    }

    /// What a change has to wait for; nil when it may begin.
    func wait(_ place: Int, _ wanted: Wanted) -> RelayCase.Held? {
        let relay = relays[place]
        let time = now.monotonic
        if relay.line == .failed {
            guard wanted.isSafe, guards.contains(.lineRetry) else { return .init(reason: .line, until: nil) }
            if let retry = relay.lineRetry, retry > time { return .init(reason: .line, until: retry) }
        }
        let isMinimum = guards.contains(relay.state == .on ? .minimumOn : .minimumOff)
        let over = relay.since + relay.limits.minimum(relay.state)
        if isMinimum, over > time {
            return .init(reason: relay.state == .on ? .minimumOn : .minimumOff, until: over)
        }
        if wanted.state == .on {
            for other in relay.excluded {
                if let override = relays[other].wishes.override, override.state == .on {
                    return .init(reason: .interlock, until: override.ends)
                }
            }
        }
        guard !wanted.isSafe else { return nil }
        if wanted.state == .on, let free = relay.cycleFree(at: time, guards) {
            return .init(reason: .cycles, until: free)
        }
        if let retry = relay.noteRetry, retry > time { return .init(reason: .note, until: retry) }
        return nil
    }

    /// Begins a change: with its note, or at once where it goes in the safe direction.
    private mutating func start(
        _ place: Int, _ wanted: Wanted, _ tickets: [PendingChange.Ticket], _ undo: PendingChange.Undo?
    ) {
        number += 1
        let change = RelayChange(
            number: number, relay: relays[place].id, from: relays[place].state, to: wanted.state, cause: wanted.cause,
            time: now)
        let actsFirst = wanted.isSafe ? guards.contains(.safeFirst) : !guards.contains(.noteFirst)
        relays[place].pending = PendingChange(
            change: change, phase: actsFirst ? .making(until: nil) : .noting(until: now.monotonic + RelayLimits.note),
            isSafe: wanted.isSafe, tickets: tickets, undo: undo)
        if actsFirst {
            ready(place)
        } else {
            actions.append(.noteFirst(change, memory(of: place)))
        }
    }

    /// The note is there, or none is needed: relays that exclude this one go off, then it goes on.
    mutating func ready(_ place: Int) {
        relays[place].pending?.phase = .making(until: nil)
        if relays[place].pending?.change.to == .on {
            for other in relays[place].excluded where relays[other].pending?.change.to == .on {
                guard relays[other].pending?.phase != .driving else { continue }
                // Whoever comes last is meant.
                abandon(other, "relay \(relays[place].id) was switched on", code: .superseded)
                yieldPlace(other, to: place)
                settle(other)
            }
            for other in relays[place].excluded where relays[other].state == .on { settle(other) }
        }
        make(place)
    }

    /// Drives the line when nothing stands in the way any more.
    private mutating func make(_ place: Int) {
        touched.insert(place)
        guard let pending = relays[place].pending, case .making = pending.phase else { return }
        let change = pending.change
        if change.to == .on, guards.contains(.exclusion) {
            var ready = now.monotonic
            for other in relays[place].excluded {
                guard relays[other].state == .off, !relays[other].isBreaking, relays[other].line == .good,
                    relays[other].pending?.phase != .driving
                else {
                    relays[place].pending?.phase = .making(until: nil)
                    return
                }
                if guards.contains(.breakGap) { ready = max(ready, relays[other].since + RelayLimits.breakGap) }
            }
            guard ready <= now.monotonic else {
                relays[place].pending?.phase = .making(until: ready)
                return
            }
        }
        relays[place].pending?.phase = .driving
        actions.append(
            .drive(
                RelayDrive(
                    relay: change.relay, coil: relays[place].coil(change.to), state: change.to, change: change.number,
                    isSafe: pending.isSafe)))
    }

    /// Nothing of this relay is wanted on any more: another one of its interlock is.
    mutating func yieldPlace(_ place: Int, to other: Int) {
        guard
            relays[place].wishes.base == .on || relays[place].wishes.pulse != nil || relays[place].watchdog?.step != nil
        else { return }
        relays[place].wishes.take(.off, .unit(.interlock, relays[other].id))
        relays[place].watchdog?.endRestart(at: now.monotonic, guards)
        touched.insert(place)
        remember(place)
    }

    /// Takes back a change that is not made after all, and notes how it ended.
    mutating func drop(_ place: Int, _ outcome: RelayResult.Outcome, _ reason: String) -> PendingChange? {
        guard let pending = relays[place].pending else { return nil }
        relays[place].pending = nil
        touched.insert(place)
        actions.append(
            .note(
                .result(
                    RelayResult(
                        number: pending.change.number, relay: relays[place].id, outcome: outcome, reason: reason,
                        time: now))))
        return pending
    }

    /// Gives a change up before its line was touched.
    mutating func abandon(_ place: Int, _ reason: String, code: RelayRefusal.Code) {
        guard let pending = drop(place, .abandoned, reason) else { return }
        for ticket in pending.tickets {
            forget(place, ticket)
            refuse(
                ticket.number, code, "The change was given up: \(reason).", hint: "look at its state, and ask again",
                at: place)
        }
    }

    /// A request that was not done may be made again with its key.
    mutating func forget(_ place: Int, _ ticket: PendingChange.Ticket) {
        guard let key = ticket.key else { return }
        relays[place].answered.removeAll { $0.key == key }
    }
}
