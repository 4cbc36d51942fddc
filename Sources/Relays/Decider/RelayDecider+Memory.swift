import Site

/// What is remembered of a relay, and how it comes back.
extension RelayDecider {
    func memory(of place: Int) -> RelayMemory {
        let relay = relays[place]
        let time = now.monotonic
        return RelayMemory(
            relay: relay.id, saved: now, number: number, state: relay.state, since: relay.since,
            base: relay.wishes.base, baseCause: relay.wishes.cause, returning: relay.wishes.returning,
            released: relay.wishes.released,
            pulse: relay.wishes.pulse.map {
                .init(state: $0.state, ends: $0.ends ?? time + $0.length, cause: $0.cause)
            },
            override: relay.wishes.override.map {
                .init(state: $0.state, ends: $0.ends, cause: $0.cause, base: $0.base)
            },
            restores: relay.wishes.restore.map { $0.ends ?? time + $0.length },
            cycles: Array(relay.cycles.suffix(relay.limits.mostCycles)),
            totalCycles: relay.totalCycles, scheduled: relay.scheduled,
            watchdog: relay.watchdog.map { watchdog in
                WatchdogMemory(
                    isArmed: watchdog.isArmed, failures: watchdog.failures, attempts: watchdog.attempts,
                    restarts: watchdog.restarts, total: watchdog.total, isExhausted: watchdog.isExhausted,
                    lastRestart: watchdog.lastRestart, step: watchdog.step,
                    stepEnds: watchdog.step.map { watchdog.stepEnds ?? time + watchdog.limits.steps[$0].length },
                    quietUntil: watchdog.quietUntil == .min ? nil : watchdog.quietUntil, round: watchdog.round)
            },
            answered: relay.answered, last: relay.last)
    }

    /// What was counted: it holds whatever kind of start this is.
    ///
    /// Stamps of an earlier boot are moved to before this one, as if the unit had been off for no time: a bound is
    /// rather kept too long than too short.
    mutating func recall(_ place: Int, _ memory: RelayMemory, isSameBoot: Bool) {
        guard guards.contains(.memory) else { return }
        let shift = isSameBoot ? 0 : memory.saved.monotonic - powered
        relays[place].cycles = memory.cycles.map { $0 - shift }
        relays[place].totalCycles = memory.totalCycles
        relays[place].answered = memory.answered.map { answered in
            var answered = answered
            answered.at -= shift
            return answered
        }
        relays[place].last = memory.last
        relays[place].scheduled = memory.scheduled
        guard relays[place].watchdog != nil, let watchdog = memory.watchdog else { return }
        relays[place].watchdog?.isArmed = watchdog.isArmed
        relays[place].watchdog?.isExhausted = watchdog.isExhausted
        relays[place].watchdog?.attempts = watchdog.attempts
        relays[place].watchdog?.restarts = watchdog.restarts.map { $0 - shift }
        relays[place].watchdog?.total = watchdog.total
        relays[place].watchdog?.lastRestart = watchdog.lastRestart.map { $0 - shift }
        relays[place].watchdog?.round = watchdog.round
        if isSameBoot, let quiet = watchdog.quietUntil { relays[place].watchdog?.quietUntil = quiet }
    }

    /// What was passing: it goes on in the same boot, and is over with it.
    mutating func recallPassing(_ place: Int, _ memory: RelayMemory) {
        guard guards.contains(.memory) else { return }
        relays[place].since = memory.since
        relays[place].wishes = RelayWishes(base: memory.base, cause: memory.baseCause)
        relays[place].wishes.returning = memory.returning
        relays[place].wishes.released = memory.released
        relays[place].wishes.pulse = memory.pulse.map {
            .init(state: $0.state, length: 0, ends: $0.ends, cause: $0.cause)
        }
        recallOverride(place, memory, shift: 0)
        relays[place].wishes.restore = memory.restores.map { .init(length: 0, ends: $0) }
        if let step = memory.watchdog?.step, let watchdog = relays[place].watchdog,
            watchdog.limits.steps.indices.contains(step)
        {
            relays[place].watchdog?.step = step
            relays[place].watchdog?.stepEnds = memory.watchdog?.stepEnds
        }
    }

    mutating func recallOverride(_ place: Int, _ memory: RelayMemory, shift: Int64) {
        relays[place].wishes.override = memory.override.map {
            .init(state: $0.state, ends: $0.ends - shift, cause: $0.cause, base: $0.base)
        }
    }
}
