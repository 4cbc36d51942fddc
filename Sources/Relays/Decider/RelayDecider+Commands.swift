import Site

/// What people, programs, rules and schedules say.
extension RelayDecider {
    mutating func command(_ request: RelayRequest, _ ticket: UInt64) {
        guard isStarted, !isStopping else {
            return refuse(ticket, .notReady, "The owner of the relays is not ready.", hint: "ask again in a second")
        }
        guard let place = index[request.relay] else {
            let known = relays.map(\.id).joined(separator: ", ")
            return refuse(
                ticket, .unknownRelay, "There is no relay '\(request.relay)'.",
                hint: known.isEmpty ? "the site file names none" : "the site file names \(known)")
        }
        if let key = request.key, !isNew(key, request, ticket, place) { return }
        if let expected = request.expected, expected != relays[place].state, guards.contains(.expectedState) {
            return refuse(
                ticket, .unexpectedState,
                "The load is \(relays[place].state.rawValue), not \(expected.rawValue) as expected.",
                hint: "somebody or something else has switched it; look who did", at: place)
        }
        touched.insert(place)
        switch request.command {
        case .on: last(.on, request, ticket, place)
        case .off: last(.off, request, ticket, place)
        case .toggle: last(wanted(place).state.other, request, ticket, place)
        case .pulse(let length, let state): pulse(length?.relayMilliseconds, state, request, ticket, place)
        case .override(let state, let length): override(state, length.relayMilliseconds, request, ticket, place)
        case .release: release(request, ticket, place)
        case .rearm: arm(true, request, ticket, place)
        case .disarm: arm(false, request, ticket, place)
        case .confirm: confirm(request, ticket, place)
        }
    }

    /// Whether a key was not used yet; answers as before where it was.
    private mutating func isNew(_ key: String, _ request: RelayRequest, _ ticket: UInt64, _ place: Int) -> Bool {
        guard guards.contains(.idempotency) else { return true }
        guard (1...64).contains(key.utf8.count) else {
            refuse(ticket, .invalid, "A key has 1 to 64 bytes, not \(key.utf8.count).", at: place)
            return false
        }
        if let waiting = relays[place].pending?.tickets.first(where: { $0.key == key }) {
            guard waiting.command == request.command else { return isReused(key, ticket, place) }
            relays[place].pending?.tickets.append(
                .init(number: ticket, key: key, command: request.command, isRepeat: true))
            return false
        }
        guard let before = relays[place].answered.last(where: { $0.key == key }) else { return true }
        guard before.command == request.command else { return isReused(key, ticket, place) }
        accept(
            .init(number: ticket, key: key, command: before.command, isRepeat: true), place, change: before.change)
        return false
    }

    private mutating func isReused(_ key: String, _ ticket: UInt64, _ place: Int) -> Bool {
        refuse(
            ticket, .keyReused, "The key '\(key)' was used for another command.",
            hint: "take a new key for each command",
            at: place)
        return false
    }

    /// Carries new wishes out, and keeps the key.
    ///
    /// - Parameter event: Told when it is accepted: what the card refuses has not happened.
    private mutating func carryOut(
        _ request: RelayRequest, _ ticket: UInt64, _ place: Int, event: Event? = nil,
        _ change: (inout RelayCase) -> Void
    ) {
        let undo = PendingChange.Undo(wishes: relays[place].wishes, watchdog: relays[place].watchdog)
        let isUnderWay = relays[place].pending != nil
        change(&relays[place])
        let isUnchanged = !isUnderWay && isAsBefore(undo, place)
        let isProlonged = !isUnderWay && !isUnchanged && prolongs(undo, place)
        keep(request, place)
        settle(
            place,
            tickets: [
                .init(
                    number: ticket, key: request.key, command: request.command, event: event, isUnchanged: isUnchanged,
                    isProlonged: isProlonged)
            ],
            undo: undo)
        if let pending = relays[place].pending {
            if let key = request.key, let last = relays[place].answered.lastIndex(where: { $0.key == key }) {
                relays[place].answered[last].change = pending.change.number
            }
        } else if request.key != nil || isUnderWay || !isAsBefore(undo, place) {
            // What leaves all as it is, each second for years, is no reason to write on the card.
            remember(place)
        }
    }

    private func isAsBefore(_ before: PendingChange.Undo, _ place: Int) -> Bool {
        relays[place].wishes == before.wishes && relays[place].watchdog == before.watchdog
    }

    /// Whether all that is otherwise than before is when a pulse ends, and who wanted that.
    private func prolongs(_ before: PendingChange.Undo, _ place: Int) -> Bool {
        guard let now = relays[place].wishes.pulse, let earlier = before.wishes.pulse, now.state == earlier.state else {
            return false
        }
        var wishes = relays[place].wishes
        (wishes.pulse, wishes.cause) = (earlier, before.wishes.cause)
        if wishes.restore?.length == before.wishes.restore?.length { wishes.restore = before.wishes.restore }
        return wishes == before.wishes && relays[place].watchdog == before.watchdog
    }

    private mutating func keep(_ request: RelayRequest, _ place: Int) {
        guard let key = request.key else { return }
        let time = now.monotonic
        relays[place].answered.removeAll { $0.at <= time - RelayLimits.day }
        relays[place].answered.append(.init(key: key, command: request.command, change: nil, at: time))
        if relays[place].answered.count > RelayLimits.answers { relays[place].answered.removeFirst() }
    }

    // MARK: States

    private mutating func last(_ state: RelayState, _ request: RelayRequest, _ ticket: UInt64, _ place: Int) {
        if refusesOverridden(request, ticket, place) || refusesSucceeded(state, ticket, place) { return }
        let time = now.monotonic
        let isAsked = request.cause.kind.isAsked
        let isOn = relays[place].wishes.base == .on || relays[place].state == .on
        let restore = isOn ? restore(after: state, isAsked, place) : nil
        if isAsked, refusesNow(state, until: restore.map { time + $0.length }, ticket, place) { return }
        carryOut(request, ticket, place) { [guards] relay in
            if !guards.contains(.commandEndsPulse), relay.wishes.pulse != nil {
                relay.wishes.base = state
                return
            }
            let waits = relay.wishes.restore
            // Two clients that say the same by turns change nothing: the first of them wanted it.
            let cause = relay.isSaidAgain(state, request.cause) ? relay.wishes.cause : request.cause
            relay.wishes.take(state, cause)
            // Off said again is no confirmation.
            if state == .off { relay.wishes.restore = restore ?? waits }
            if relay.state == .off { relay.startRestore(at: time) }
            // A person's word ends a restart; a schedule or a rule that wants the load on does not shorten it.
            if isAsked || state != relay.watchdog?.limits.rest {
                relay.watchdog?.endRestart(at: time, guards)
            }
        }
    }

    /// What somebody switches off comes on by itself, where the site file says so.
    private func restore(after state: RelayState, _ isAsked: Bool, _ place: Int) -> RelayWishes.Restore? {
        guard state == .off, isAsked, guards.contains(.restore), let length = relays[place].limits.restore else {
            return nil
        }
        return .init(length: max(length, relays[place].limits.minimumOff), ends: nil)
    }

    private mutating func refusesOverridden(_ request: RelayRequest, _ ticket: UInt64, _ place: Int) -> Bool {
        guard request.cause.kind.isAsked, let override = relays[place].wishes.override,
            guards.contains(.overrideHolds)
        else { return false }
        refuse(
            ticket, .overridden,
            "\(override.cause.who) holds the load \(override.state.rawValue) by hand.",
            hint: "release the override first",
            until: override.ends, at: place)
        return true
    }

    /// A load that goes off because another one takes its place cannot be asked to be on.
    private mutating func refusesSucceeded(_ state: RelayState, _ ticket: UInt64, _ place: Int) -> Bool {
        guard state == .on, let other = successor(of: place) else { return false }
        refuse(
            ticket, .interlocked,
            "Relay '\(other)', which is never on together with it, is being switched on.",
            hint: "ask again when it is on, or switch '\(other)' off", at: place)
        return true
    }

    /// What is refused rather than held when somebody asks for it: a state that cannot be reached soon, and one that
    /// could not be left in time.
    private mutating func refusesNow(_ state: RelayState, until end: Int64?, _ ticket: UInt64, _ place: Int) -> Bool {
        let relay = relays[place]
        if state != relay.state {
            if relay.line == .failed {
                refuse(
                    ticket, .lineFailed, "The relay does not take what it is told.",
                    hint: "look at its chip and its wiring", at: place)
                return true
            }
            if state == .on {
                if let free = relay.cycleFree(at: now.monotonic, guards) {
                    refuse(
                        ticket, .cyclesUsed, "The load was switched on as often as the site file allows.",
                        hint: "wait, or raise cycles_per_hour or cycles_per_day", until: free, at: place)
                    return true
                }
                if let other = relay.excluded.first(where: { relays[$0].wishes.override?.state == .on }) {
                    refuse(
                        ticket, .interlocked,
                        "Relay '\(relays[other].id)', which is never on together with it, is held on by hand.",
                        hint: "release the override of '\(relays[other].id)'",
                        until: relays[other].wishes.override?.ends, at: place)
                    return true
                }
            }
        }
        if state == .off, let end, guards.contains(.cycleReserve),
            let free = relay.cycleFree(at: end, guards)
        {
            refuse(
                ticket, .cyclesUsed,
                "Switched off now, the load could not come on again in time: its cycles are used up.",
                hint: "wait, or raise cycles_per_hour or cycles_per_day", until: free, at: place)
            return true
        }
        return false
    }

    // MARK: Pulses

    private mutating func pulse(
        _ length: Int64?, _ state: RelayState?, _ request: RelayRequest, _ ticket: UInt64, _ place: Int
    ) {
        if refusesOverridden(request, ticket, place) { return }
        let relay = relays[place]
        let length = length ?? relay.limits.pulse
        let state = state ?? relay.wishes.pulse?.state ?? relay.wishes.base.other
        if refusesSucceeded(state, ticket, place) { return }
        if guards.contains(.pulseLengths) {
            guard RelayLimits.pulses.contains(length) else {
                return refuse(ticket, .invalid, "A pulse lasts from 0.1 s to 86400 s.", at: place)
            }
            guard length >= relay.limits.minimum(state) else {
                let minimum = Duration.milliseconds(relay.limits.minimum(state)).siteText
                return refuse(
                    ticket, .invalid, "The pulse is shorter than minimum_\(state.rawValue) (\(minimum)).",
                    hint: "ask for \(minimum) or more", at: place)
            }
        }
        if relay.wishes.override != nil {
            return refuse(ticket, .overridden, "The load's state is held by hand.", at: place)
        }
        let time = now.monotonic
        // One that is long, or that leaves a load off which was on, ends as a command to switch it off does.
        let leavesOff = state == .off ? length > (relay.limits.restore ?? .max) : relay.wishes.base == .on
        let restore = leavesOff ? restore(after: .off, request.cause.kind.isAsked, place) : nil
        if refusesNow(state, until: time + min(length, restore?.length ?? .max), ticket, place) { return }
        if state == .on, restore != nil, guards.contains(.cycleReserve),
            !relay.hasCycles(relay.state == .on ? 1 : 2, at: time)
        {
            return refuse(
                ticket, .cyclesUsed,
                "After the pulse the load could not come on again in time: its cycles are used up.",
                hint: "wait, or raise cycles_per_hour or cycles_per_day", until: relay.cycleFree(at: time, guards),
                at: place)
        }
        if state != relay.state, relay.pending?.change.to != state,
            let wait = wait(place, Wanted(state: state, cause: request.cause, isSafe: false))
        {
            return refuse(
                ticket, wait.reason == .note ? .notNoted : wait.reason == .interlock ? .interlocked : .tooEarly,
                "A pulse begins at once or not at all, and the load stays \(relay.state.rawValue) for now.",
                hint: "ask again later", until: wait.until, at: place)
        }
        carryOut(request, ticket, place) { [guards] relay in
            var pulse = RelayWishes.Pulse(state: state, length: length, ends: nil, cause: request.cause)
            if relay.state == state { pulse.ends = time + length }
            if !guards.contains(.pulseExtends), let ends = relay.wishes.pulse?.ends { pulse.ends = ends }
            // A rule that wants what lasts after it anyway goes on having its say.
            let isRuled = relay.wishes.base == state.other && relay.wishes.cause.kind == .rule
            relay.wishes.take(state.other, isRuled ? relay.wishes.cause : request.cause)
            relay.wishes.pulse = pulse
            relay.wishes.restore = restore
            if state == .off, relay.state == .off { relay.startRestore(at: time) }
            relay.watchdog?.endRestart(at: time, guards)
        }
    }

    // MARK: By hand

    private mutating func override(
        _ state: RelayState, _ length: Int64, _ request: RelayRequest, _ ticket: UInt64, _ place: Int
    ) {
        guard RelayLimits.overrides.contains(length) else {
            return refuse(ticket, .invalid, "An override lasts from 1 s to 31 days.", at: place)
        }
        if refusesSucceeded(state, ticket, place) { return }
        let time = now.monotonic
        let ends = time + length
        let restore = restore(after: state, request.cause.kind.isAsked, place)
        let isOnAfter = relays[place].wishes.base == .on || restore != nil
        if refusesNow(state, until: isOnAfter ? restore.map { time + $0.length } ?? ends : nil, ticket, place) {
            return
        }
        let event = event(
            .relayOverridden, place,
            "\(request.cause.who) holds relay \(request.relay) \(state.rawValue) for \(Duration.milliseconds(length).siteText).",
            [
                "state": .text(state.rawValue), "seconds": .number(Double(length) / 1000),
                "who": .text(request.cause.who), "origin": .text(request.cause.origin),
            ])
        carryOut(request, ticket, place, event: event) { [guards] relay in
            relay.wishes.override = .init(state: state, ends: ends, cause: request.cause, base: relay.wishes.base)
            relay.wishes.pulse = nil
            relay.wishes.returning = nil
            relay.wishes.released = nil
            relay.wishes.restore = restore
            if state == .off, relay.state == .off { relay.startRestore(at: time) }
            relay.watchdog?.endRestart(at: time, guards)
        }
    }

    private mutating func release(_ request: RelayRequest, _ ticket: UInt64, _ place: Int) {
        guard relays[place].wishes.override != nil else {
            return refuse(ticket, .nothingToDo, "No override holds the load.", at: place)
        }
        let event = event(
            .relayOverrideEnded, place,
            "\(request.cause.who) released the override of relay \(request.relay).", who(request))
        carryOut(request, ticket, place, event: event) { relay in
            relay.wishes.override = nil
            relay.wishes.restore = nil
            relay.wishes.returning = nil
            relay.wishes.released = request.cause
        }
    }

    private mutating func confirm(_ request: RelayRequest, _ ticket: UInt64, _ place: Int) {
        guard relays[place].wishes.restore?.ends != nil else {
            return refuse(ticket, .nothingToDo, "Nothing waits to be confirmed.", at: place)
        }
        let event = event(
            .relayConfirmed, place,
            "\(request.cause.who) keeps relay \(request.relay) off: it does not go on by itself any more.",
            who(request))
        carryOut(request, ticket, place, event: event) { $0.wishes.restore = nil }
    }

    private func event(
        _ code: Event.Code, _ place: Int, _ message: String, _ values: [String: Event.Value]
    ) -> Event {
        Event(code, .notice, subject: relays[place].id, message: message, values: values, at: now)
    }

    private func who(_ request: RelayRequest) -> [String: Event.Value] {
        ["who": .text(request.cause.who), "origin": .text(request.cause.origin)]
    }

    private mutating func arm(_ isArmed: Bool, _ request: RelayRequest, _ ticket: UInt64, _ place: Int) {
        guard relays[place].watchdog != nil else {
            return refuse(ticket, .nothingToDo, "The relay has no watchdog.", at: place)
        }
        // Said again, it is nothing to tell.
        let isNews = relays[place].watchdog.map {
            $0.isArmed != isArmed || $0.isExhausted || $0.attempts > 0 || $0.failures > 0
        }
        guard isNews == true else { return carryOut(request, ticket, place) { _ in } }
        let event = event(
            isArmed ? .watchdogArmed : .watchdogDisarmed, place,
            "\(request.cause.who) switched the watchdog of relay \(request.relay) \(isArmed ? "on" : "off").",
            who(request))
        let time = now.monotonic
        carryOut(request, ticket, place, event: event) { [guards] relay in
            relay.watchdog?.verdict = nil
            relay.watchdog?.isArmed = isArmed
            relay.watchdog?.isExhausted = false
            relay.watchdog?.attempts = 0
            relay.watchdog?.failures = 0
            guard !isArmed, relay.watchdog?.step != nil else { return }
            relay.watchdog?.endRestart(at: time, guards)
            relay.wishes.returning = .unit(.watchdog, "watchdog", why: "switched off by \(request.cause.who)")
        }
    }
}

extension RelayCase {
    /// The time until the load comes on by itself runs from when it is off.
    mutating func startRestore(at time: Int64) {
        guard let restore = wishes.restore, restore.ends == nil else { return }
        wishes.restore?.ends = time + restore.length
    }
}
