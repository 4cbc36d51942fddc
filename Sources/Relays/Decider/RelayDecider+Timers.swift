import Site

/// What time brings.
extension RelayDecider {
    /// What is due at a relay.
    mutating func fire(_ place: Int) {
        touched.insert(place)
        let time = now.monotonic
        endNote(place)
        if let override = relays[place].wishes.override, override.ends <= time, guards.contains(.overrideEnds) {
            endOverride(place, override)
        }
        if let pulse = relays[place].wishes.pulse, let ends = pulse.ends, ends <= time, guards.contains(.pulseEnds) {
            relays[place].wishes.pulse = nil
            relays[place].wishes.returning = .unit(
                .timer, "pulse", why: "the pulse of \(pulse.cause.who) is over")
        }
        if let ends = relays[place].wishes.restore?.ends, ends <= time { restore(place) }
        stepRestart(place)
        askPings(place)
        if relays[place].line == .failed, let retry = relays[place].lineRetry, retry <= time,
            guards.contains(.lineRetry)
        {
            if triesLine(place) {
                relays[place].lineRetry = time + RelayLimits.lineRetry
                driveAgain(place)
            }
        }
        settle(place)
    }

    /// Whether a failed line is told again what it was told, rather than the safe change that it is to take now.
    private func triesLine(_ place: Int) -> Bool {
        // A change that waits for its note, or for another relay to go off, may wait long.
        if let pending = relays[place].pending { return pending.phase != .driving }
        let wanted = wanted(place)
        return wanted.state == relays[place].state || !wanted.isSafe || wait(place, wanted) != nil
    }

    /// A card that does not answer holds nobody up, and what came too late is not done.
    private mutating func endNote(_ place: Int) {
        guard let pending = relays[place].pending else { return }
        if case .noting(let until) = pending.phase, until <= now.monotonic, guards.contains(.noteDeadline) {
            giveUp(place, "it did not take it within \(RelayLimits.note / 1000) s.", .notNoted)
        } else if case .making = pending.phase, !pending.tickets.isEmpty,
            pending.change.time.monotonic + 2 * RelayLimits.note <= now.monotonic
        {
            // It waits for another relay to go off; whoever asked is told so.
            relays[place].pending?.tickets = []
            relays[place].pending?.undo = nil
            for ticket in pending.tickets {
                accept(ticket, place, change: pending.change.number)
            }
        }
    }

    private mutating func endOverride(_ place: Int, _ override: RelayWishes.Override) {
        relays[place].wishes.override = nil
        relays[place].wishes.restore = nil
        if relays[place].wishes.base == override.base {
            relays[place].wishes.returning = .unit(
                .timer, "override", why: "the override of \(override.cause.who) is over")
        }
        report(
            .relayOverrideEnded, .notice, place,
            "The override of relay \(relays[place].id) by \(override.cause.who) is over.")
        remember(place)
    }

    /// Nobody confirmed that the load is to stay off.
    private mutating func restore(_ place: Int) {
        relays[place].wishes.override = nil
        let cause = RelayCause.unit(.timer, "restore", why: "nobody confirmed that it stays off")
        let wishes = relays[place].wishes
        relays[place].wishes.take(.on, wishes.base == .on ? wishes.cause : cause)
        relays[place].wishes.returning = cause
        report(
            .relayRestored, .warning, place,
            "Relay \(relays[place].id) goes on again: nobody confirmed that it is to stay off.")
    }

    /// When something is due at a relay next.
    func deadline(of place: Int) -> Int64? {
        let relay = relays[place]
        var next: Int64 = .max
        func take(_ time: Int64?) { if let time, time < next { next = time } }
        if let pending = relay.pending {
            switch pending.phase {
            case .noting(let until): if guards.contains(.noteDeadline) { take(until) }
            case .making(let until):
                take(until)
                if !pending.tickets.isEmpty { take(pending.change.time.monotonic + 2 * RelayLimits.note) }
            case .driving: break
            }
        } else {
            take(relay.held?.until)
        }
        if guards.contains(.overrideEnds) { take(relay.wishes.override?.ends) }
        if guards.contains(.pulseEnds) { take(relay.wishes.pulse?.ends) }
        take(relay.wishes.restore?.ends)
        if relay.line == .failed, guards.contains(.lineRetry), let retry = relay.lineRetry,
            retry > now.monotonic || triesLine(place)
        {
            take(retry)
        }
        if let watchdog = relay.watchdog {
            if guards.contains(.restartEnds) { take(watchdog.stepEnds) }
            take(watchdog.nextPing)
            take(watchdog.roundEnds)
        }
        if let change = relay.nextScheduled, now.isTrusted { take(now.monotonic + max(0, change.time - now.wall)) }
        return next == .max ? nil : next
    }

    // MARK: Schedules

    /// Carries out what the schedules bring; never by a clock that nobody vouches for.
    mutating func lookAtClock() {
        guard now.isTrusted || !guards.contains(.trustedClock) else { return }
        if lookedAt == nil {
            creditDowntime()
            // From now on it is known when this was written.
            for place in relays.indices { remember(place) }
        }
        let wall = now.wall
        // A clock that was put back a little does nothing twice; see `take`.
        let isSet = lookedAt.map { wall < $0 - 1000 } ?? true
        lookedAt = wall
        for place in scheduled where isSet || relays[place].nextScheduled.map({ $0.time <= wall }) ?? false {
            look(place, wall)
        }
    }

    private mutating func look(_ place: Int, _ wall: Int64) {
        guard let schedule = relays[place].schedule else { return }
        touched.insert(place)
        let due = relays[place].nextScheduled
        let following = due.flatMap { schedule.next(after: $0.time) }
        // The usual case: the one that was waited for has come, and no other after it.
        let last =
            if let due, due.time <= wall, following.map({ $0.time > wall }) ?? false { due } else {
                schedule.last(until: wall)
            }
        if let last {
            let done = relays[place].scheduled ?? .min
            if last.time > done || done > wall + RelayLimits.day { take(last, place) }
        }
        relays[place].nextScheduled = last == due && due != nil ? following : schedule.next(after: wall)
        settle(place)
    }

    private mutating func take(_ change: RelaySchedule.Change, _ place: Int) {
        relays[place].scheduled = change.time
        relays[place].wishes.take(change.state, .unit(.schedule, "\(change.entry)"))
        if change.state != relays[place].watchdog?.limits.rest {
            relays[place].watchdog?.endRestart(at: now.monotonic, guards)
        }
        remember(place)
    }

    /// Stamps of before the start are moved by the time the unit was off, as soon as both clocks can be believed.
    private mutating func creditDowntime() {
        guard let writtenAt else { return }
        self.writtenAt = nil
        let downtime = now.wall - (now.monotonic - powered) - writtenAt
        guard downtime > 0 else { return }
        func moved(_ stamp: Int64) -> Int64 { stamp < powered ? stamp - downtime : stamp }
        for place in relays.indices {
            relays[place].cycles = relays[place].cycles.map(moved)
            guard var watchdog = relays[place].watchdog else { continue }
            watchdog.restarts = watchdog.restarts.map(moved)
            watchdog.lastRestart = watchdog.lastRestart.map(moved)
            relays[place].watchdog = watchdog
            touched.insert(place)
        }
    }
}
