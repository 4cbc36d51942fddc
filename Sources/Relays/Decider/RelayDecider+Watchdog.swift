import Site

/// Loads that are restarted when nobody answers.
extension RelayDecider {
    /// Whether the watchdog has a say now: its load is at rest, and nobody holds it or wants it otherwise.
    private func isWatching(_ relay: RelayCase, _ watchdog: WatchdogCase) -> Bool {
        watchdog.isArmed && watchdog.step == nil && relay.state == watchdog.limits.rest
            && relay.wishes.base == watchdog.limits.rest && relay.wishes.override == nil && relay.wishes.pulse == nil
            && relay.wishes.restore == nil && relay.pending == nil && relay.line == .good
    }

    /// Begins or ends the pings, after whatever happened to the relay.
    mutating func watch(_ place: Int) {
        guard let watchdog = relays[place].watchdog else { return }
        guard isWatching(relays[place], watchdog) else {
            guard watchdog.nextPing != nil || watchdog.roundEnds != nil || watchdog.failures > 0 else { return }
            // What was heard before says nothing of what comes after.
            relays[place].watchdog?.verdict = nil
            relays[place].watchdog?.nextPing = nil
            relays[place].watchdog?.roundEnds = nil
            relays[place].watchdog?.failures = 0
            return
        }
        guard watchdog.nextPing == nil, watchdog.roundEnds == nil else { return }
        var first = now.monotonic
        if guards.contains(.startDelay) {
            // A load that was just switched on starts up; one whose button is pressed is on all the time.
            if watchdog.limits.rest == .on { first = max(first, relays[place].since + watchdog.limits.delay) }
            first = max(first, watchdog.quietUntil)
        }
        relays[place].watchdog?.nextPing = first
    }

    /// Sends a round out, and gives one up that does not come back.
    mutating func askPings(_ place: Int) {
        guard let watchdog = relays[place].watchdog else { return }
        let time = now.monotonic
        if let ends = watchdog.roundEnds, ends <= time {
            relays[place].watchdog?.roundEnds = nil
            relays[place].watchdog?.nextPing = time + watchdog.limits.every
            relays[place].watchdog?.verdict = .void
            blind(place, "no pinger brought a round back")
            return
        }
        guard let next = watchdog.nextPing, next <= time, isWatching(relays[place], watchdog) else { return }
        let number = max(watchdog.round + 1, time)
        relays[place].watchdog?.round = number
        relays[place].watchdog?.nextPing = nil
        relays[place].watchdog?.roundEnds = time + RelayLimits.round
        actions.append(
            .ping(PingQuestion(relay: relays[place].id, number: number, targets: watchdog.limits.targets)))
    }

    /// A round came back.
    mutating func pinged(_ round: PingRound) {
        guard let place = index[round.relay], let watchdog = relays[place].watchdog, watchdog.roundEnds != nil,
            watchdog.round == round.number, isWatching(relays[place], watchdog)
        else { return }
        touched.insert(place)
        let verdict = verdict(round, watchdog.limits)
        relays[place].watchdog?.roundEnds = nil
        relays[place].watchdog?.verdict = verdict
        relays[place].watchdog?.nextPing =
            now.monotonic + (verdict == .good ? watchdog.limits.every : watchdog.limits.retry)
        switch verdict {
        case .good: answered(place)
        case .bad:
            relays[place].watchdog?.failures += 1
            restart(place)
        case .void:
            blind(
                place, round.hasCarrier == false ? "the unit's own cable has no link" : "too few targets could be asked"
            )
        }
    }

    private func verdict(_ round: PingRound, _ limits: WatchdogLimits) -> PingRound.Verdict {
        if round.hasCarrier == false, guards.contains(.ownCable) { return .void }
        var (silent, answered) = (0, 0)
        for target in limits.targets {
            switch round.outcomes[target] {
            case .silent: silent += 1
            case .answered: answered += 1
            case .notAsked, nil: break
            }
        }
        let needed = guards.contains(.witnesses) ? limits.witnesses : 1
        if needed > 0, silent >= needed { return .bad }
        // Whatever the others would have said, not enough of them are silent.
        return answered > limits.targets.count - needed ? .good : .void
    }

    private mutating func answered(_ place: Int) {
        guard let watchdog = relays[place].watchdog else { return }
        relays[place].watchdog?.failures = 0
        relays[place].watchdog?.saidOwnFault = false
        relays[place].watchdog?.saidCapped = false
        guard watchdog.attempts > 0 || watchdog.isExhausted, guards.contains(.rearmOnSuccess) else { return }
        relays[place].watchdog?.attempts = 0
        relays[place].watchdog?.isExhausted = false
        report(
            .watchdogRecovered, .notice, place,
            "What relay \(relays[place].id) feeds answers again after \(restarts(watchdog)); its watchdog has all its attempts again.",
            ["attempts": .number(Double(watchdog.attempts))])
        remember(place)
    }

    private mutating func blind(_ place: Int, _ reason: String) {
        guard relays[place].watchdog?.saidOwnFault == false else { return }
        relays[place].watchdog?.saidOwnFault = true
        report(
            .watchdogBlind, .warning, place,
            "The watchdog of relay \(relays[place].id) cannot judge: \(reason). It restarts nothing until it can.")
    }

    // MARK: Restarts

    /// Restarts the load if it may.
    private mutating func restart(_ place: Int) {
        guard let watchdog = relays[place].watchdog,
            watchdog.failures >= (guards.contains(.failuresInRow) ? watchdog.limits.failures : 1)
        else { return }
        let time = now.monotonic
        if guards.contains(.attempts), watchdog.attempts >= watchdog.limits.attempts {
            exhaust(place, watchdog)
            guard let every = watchdog.limits.thenEvery else { return }
            if guards.contains(.thenEvery), let last = watchdog.lastRestart, last + every > time { return }
        }
        if let reason = bound(place, watchdog) { return capped(place, reason) }
        let undo = PendingChange.Undo(wishes: relays[place].wishes, watchdog: relays[place].watchdog)
        relays[place].watchdog?.step = 0
        relays[place].watchdog?.stepEnds = nil
        relays[place].watchdog?.failures = 0
        relays[place].watchdog?.attempts = min(watchdog.attempts + 1, watchdog.limits.attempts)
        relays[place].watchdog?.restarts.removeAll { $0 <= time - RelayLimits.day }
        relays[place].watchdog?.restarts.append(time)
        relays[place].watchdog?.total += 1
        relays[place].watchdog?.lastRestart = time
        relays[place].watchdog?.nextPing = nil
        let attempt = relays[place].watchdog?.attempts ?? 0
        settle(place, undo: undo)
        report(
            .watchdogRestarting, .warning, place,
            "Nobody answered \(watchdog.failures) times in a row: the watchdog restarts what relay \(relays[place].id) feeds (attempt \(attempt) of \(watchdog.limits.attempts)).",
            ["attempt": .number(Double(attempt)), "total": .number(Double(watchdog.total + 1))])
    }

    /// Why a restart that is due cannot be made now; nil when it can.
    private func bound(_ place: Int, _ watchdog: WatchdogCase) -> String? {
        let relay = relays[place]
        let time = now.monotonic
        guard let first = watchdog.limits.steps.first else { return "it has no steps" }
        if guards.contains(.perDay), watchdog.restarts(at: time) >= watchdog.limits.perDay {
            return "\(watchdog.limits.perDay) restarts a day is the bound"
        }
        if let wait = wait(place, Wanted(state: first.state, cause: relay.wishes.cause, isSafe: false)) {
            return "it would have to wait (\(wait.reason.rawValue))"
        }
        // All that a restart switches on, its end included.
        let ons = watchdog.limits.steps.count { $0.state == .on } + (watchdog.limits.rest == .on ? 1 : 0)
        if guards.contains(.cycleReserve), !relay.hasCycles(ons, at: time) {
            return "the load could not be switched on again: its cycles are used up"
        }
        if first.state == .on, relay.excluded.contains(where: { relays[$0].state == .on || relays[$0].pending != nil })
        {
            return "a relay that excludes it is on"
        }
        return nil
    }

    private mutating func capped(_ place: Int, _ reason: String) {
        guard relays[place].watchdog?.saidCapped == false else { return }
        relays[place].watchdog?.saidCapped = true
        report(
            .watchdogCapped, .warning, place,
            "The watchdog of relay \(relays[place].id) would restart its load now: \(reason).")
    }

    private func restarts(_ watchdog: WatchdogCase) -> String {
        watchdog.attempts == 1 ? "one restart" : "\(watchdog.attempts) restarts"
    }

    private mutating func exhaust(_ place: Int, _ watchdog: WatchdogCase) {
        guard !watchdog.isExhausted else { return }
        relays[place].watchdog?.isExhausted = true
        let then =
            watchdog.limits.thenEvery.map { "It tries once more every \(Duration.milliseconds($0).siteText)" }
            ?? "It tries no more until a target answers or somebody re-arms it"
        report(
            .watchdogExhausted, .error, place,
            "What relay \(relays[place].id) feeds does not answer after \(restarts(watchdog)). The load stays \(watchdog.limits.rest.rawValue). \(then).",
            ["attempts": .number(Double(watchdog.attempts))])
        remember(place)
    }

    /// The next step of a restart, or its end.
    mutating func stepRestart(_ place: Int) {
        guard let watchdog = relays[place].watchdog, let step = watchdog.step, let ends = watchdog.stepEnds,
            ends <= now.monotonic, guards.contains(.restartEnds)
        else { return }
        guard step + 1 >= watchdog.limits.steps.count else {
            relays[place].watchdog?.step = step + 1
            relays[place].watchdog?.stepEnds = nil
            return
        }
        relays[place].watchdog?.endRestart(at: now.monotonic, guards)
        relays[place].wishes.returning = .unit(.watchdog, "watchdog", why: "the restart is over")
    }

    /// A computer whose button is to be pressed once when the unit starts.
    mutating func pressAtBoot(_ place: Int) {
        guard let watchdog = relays[place].watchdog, watchdog.limits.pressAtBoot, watchdog.isArmed,
            relays[place].state == watchdog.limits.rest, relays[place].wishes.override == nil
        else { return }
        relays[place].watchdog?.step = watchdog.limits.steps.count - 1
        relays[place].watchdog?.stepEnds = nil
        settle(place)
    }

    func watchdogReason(_ watchdog: WatchdogCase) -> String {
        "attempt \(watchdog.attempts) of \(watchdog.limits.attempts)"
    }
}
