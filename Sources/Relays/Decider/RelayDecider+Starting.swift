import Site

/// How a load stood when the owner of the lines started.
private struct Before {
    /// As it is noted or was found; nil where neither is known.
    var noted: RelayState?
    /// The states that it may have had at that moment.
    var possible: [RelayState]
    /// Since when it was off, where that is known.
    var off: Int64?
    /// The relay that goes off first, where this one goes on after that.
    var waitsFor: String?
}

/// The states in which everything begins, and the end.
extension RelayDecider {
    mutating func begin(_ start: RelayStart) {
        guard !isStarted else { return }
        isStarted = true
        powered = start.powered
        var before: [Before] = []
        for place in relays.indices {
            let memory = memories[relays[place].id]
            let isSameBoot = memory?.saved.boot == now.boot && start.kind != .boot
            if let memory {
                recall(place, memory, isSameBoot: isSameBoot)
                if !isSameBoot, memory.saved.isTrusted {
                    writtenAt = max(writtenAt ?? .min, memory.saved.wall)
                }
            }
            let found = start.coils[relays[place].id].map { relays[place].state(coil: $0) }
            if start.kind == .boot || (memory == nil && found == nil) {
                boot(place, memory)
            } else if start.kind == .crash, relays[place].configuration.onCrash != .hold, guards.contains(.crashState) {
                crash(place, memory, found)
            } else {
                hold(place, memory, found, isSameBoot: isSameBoot)
            }
            before.append(
                Before(
                    noted: start.kind == .boot ? memory?.state : found ?? memory?.state ?? relays[place].rest,
                    possible: found.map { [$0] } ?? possible(place, isSameBoot ? memory?.state : nil),
                    off: isSameBoot && memory?.state == .off && found != .on ? memory?.since : nil))
            settleUnfinished(place, start, found)
            if isSameBoot, let memory { reportFound(place, memory, start) }
        }
        memories = [:]
        separate()
        breakFirst(&before, start.kind)
        for place in relays.indices { changeAtStart(place, before[place], start.kind) }
        driveFirst()
        for place in relays.indices {
            // First what is over, then what is wanted.
            fire(place)
            if start.kind == .boot { pressAtBoot(place) }
        }
    }

    /// The states that a load may have whose line was not found.
    private func possible(_ place: Int, _ remembered: RelayState?) -> [RelayState] {
        switch relays[place].configuration.output {
        // Without its owner it may rest, or be held by the kernel.
        case .line: [relays[place].rest] + (remembered.map { [$0] } ?? [])
        // Its latches stay as they are as long as it has power, also while the machine starts again.
        case .expander: remembered.map { [$0] } ?? [.on, .off]
        }
    }

    /// The state that the site file declares, whatever was before.
    private mutating func boot(_ place: Int, _ memory: RelayMemory?) {
        let configuration = relays[place].configuration
        let declared: RelayState
        switch configuration.boot {
        case .on: declared = .on
        case .off: declared = .off
        case .last: declared = memory?.base ?? .off
        }
        let base = guards.contains(.bootState) ? declared : relays[place].rest
        let cause = RelayCause.unit(.boot, "boot", why: "boot: \(configuration.boot.rawValue)")
        relays[place].wishes = RelayWishes(base: base, cause: cause)
        if configuration.boot == .last {
            // Taken up is also whose wish it was: a rule that has ended meanwhile ends it.
            if let memory {
                relays[place].wishes.cause = memory.baseCause
                relays[place].wishes.returning = cause
                recallOverride(place, memory, shift: memory.saved.monotonic - powered)
                // What was decided below it meanwhile is taken up with it: its end is no new decision.
                relays[place].wishes.override?.base = base
            }
        } else {
            // What the schedule wants is carried out anew as soon as the clock is known.
            relays[place].scheduled = nil
        }
        let wanted = relays[place].wishes.override?.state ?? base
        // The coil rests since the power came; that is the beginning of this clock.
        let rest = relays[place].rest
        let mayLeave =
            wanted == .off || !guards.contains(.minimumOff)
            || now.monotonic - powered >= relays[place].limits.minimumOff
        relays[place].state = wanted == rest || mayLeave ? wanted : rest
        relays[place].since = relays[place].state == rest ? powered : now.monotonic
        // What is fed elsewhere got its power when the unit did.
        if let delay = relays[place].watchdog?.limits.delay, guards.contains(.startDelay) {
            relays[place].watchdog?.quietUntil = powered + delay
        }
    }

    /// The state that the site file declares for an owner that ended unasked.
    private mutating func crash(_ place: Int, _ memory: RelayMemory?, _ found: RelayState?) {
        let declared: RelayState = relays[place].configuration.onCrash == .on ? .on : .off
        relays[place].wishes = RelayWishes(
            base: declared, cause: .unit(.crash, "crash", why: "on_crash: \(declared.rawValue)"))
        relays[place].state = declared
        let before = found ?? memory?.state
        relays[place].since = before == declared ? memory?.since ?? now.monotonic : now.monotonic
    }

    /// The lines as they were; everything passing goes on.
    private mutating func hold(_ place: Int, _ memory: RelayMemory?, _ found: RelayState?, isSameBoot: Bool) {
        if let memory, !isSameBoot {
            // The card has taken nothing since an earlier boot: what lasts is all that can be taken up.
            relays[place].state = found ?? memory.state
            relays[place].since = now.monotonic
            relays[place].wishes = RelayWishes(
                base: memory.base, cause: .unit(.crash, "crash", why: "as it was before the last start"))
        } else if let memory {
            recallPassing(place, memory)
            relays[place].state = found ?? memory.state
            // Something passing whose state the line has not is over, and the card did not take that.
            if let pulse = relays[place].wishes.pulse, pulse.state != relays[place].state {
                relays[place].wishes.pulse = nil
            }
            if let watchdog = relays[place].watchdog, let step = watchdog.step,
                watchdog.limits.steps[step].state != relays[place].state
            {
                relays[place].watchdog?.endRestart(at: now.monotonic, guards)
            }
            if relays[place].state != memory.state || !guards.contains(.memory) {
                relays[place].since = now.monotonic
                // It was back already after its restore: that waits for no note now either.
                if memory.state == memory.base, memory.baseCause.kind == .timer {
                    relays[place].wishes.returning = memory.baseCause
                }
            }
        } else {
            relays[place].state = found ?? .off
            relays[place].since = now.monotonic
            relays[place].wishes = RelayWishes(base: relays[place].state, cause: .unit(.boot, "found"))
        }
    }

    /// A start that changes a state is a change like any other.
    private mutating func changeAtStart(_ place: Int, _ before: Before, _ kind: RelayStart.Kind) {
        let relay = relays[place]
        let noted = before.noted
        if relay.state == .on, (kind == .boot ? relay.rest : noted) == .off {
            relays[place].countCycle(at: now.monotonic)
        }
        guard let noted, noted != relay.state else { return }
        number += 1
        let change = RelayChange(
            number: number, relay: relay.id, from: noted, to: relay.state, cause: causeAtStart(place, before), time: now
        )
        relays[place].last = change
        actions.append(.note(.change(change)))
        actions.append(.note(.result(RelayResult(number: number, relay: relay.id, outcome: .done, time: now))))
        reportChange(place, change)
    }

    private func causeAtStart(_ place: Int, _ before: Before) -> RelayCause {
        if let other = before.waitsFor { return .unit(.interlock, other, why: "it goes off first") }
        guard wanted(place).state == relays[place].state else {
            return .unit(.boot, "boot", why: "it rests for a while first")
        }
        return relays[place].wishes.returning ?? relays[place].wishes.cause
    }

    /// Changes that were noted and have no result: done where the line says so, else taken back.
    private mutating func settleUnfinished(_ place: Int, _ start: RelayStart, _ found: RelayState?) {
        let unfinished = start.unfinished.filter { $0.relay == relays[place].id }.sorted { $0.number < $1.number }
        guard let last = unfinished.last else { return }
        number = max(number, last.number)
        let isHeld = start.kind != .boot && (start.kind == .restart || relays[place].configuration.onCrash == .hold)
        let isDone = isHeld && (found == last.to || !guards.contains(.interrupted))
        for change in unfinished {
            let outcome: RelayResult.Outcome =
                change == last && isDone ? .done : found == nil || !isHeld ? .unknown : .abandoned
            actions.append(
                .note(
                    .result(
                        RelayResult(
                            number: change.number, relay: change.relay, outcome: outcome,
                            reason: "the owner of the lines ended before its result", time: now))))
        }
        // How often the load was switched on in between nobody knows; once is assumed, and just now.
        relays[place].countCycle(at: now.monotonic)
        if isHeld {
            relays[place].since = now.monotonic
            if isDone {
                relays[place].state = last.to
                relays[place].last = last
            } else {
                takeBack(place, last, found)
            }
        }
        report(
            .relayInterrupted, .warning, place,
            "The owner of the relays ended while it was about to switch \(last.relay) \(last.to.rawValue) for \(last.cause.who). The load is \(relays[place].state.rawValue)\(isDone ? ": it had been done" : last.cause.kind.isAsked ? "; ask again if it is still wanted" : "").",
            ["change": .number(Double(last.number)), "state": .text(relays[place].state.rawValue)])
    }

    /// A line that was kept, and is found otherwise than was noted: the owner ended between the two.
    private mutating func reportFound(_ place: Int, _ memory: RelayMemory, _ start: RelayStart) {
        let relay = relays[place]
        guard relay.state != memory.state, start.kind == .restart || relay.configuration.onCrash == .hold,
            !start.unfinished.contains(where: { $0.relay == relay.id })
        else { return }
        report(
            .relayInterrupted, .warning, place,
            "Relay \(relay.id) was found \(relay.state.rawValue), and noted was \(memory.state.rawValue): the owner of the relays had ended just after it switched it.",
            ["state": .text(relay.state.rawValue)])
    }

    /// The load stays as it was before a change of which nobody knows that it was done.
    private mutating func takeBack(_ place: Int, _ change: RelayChange, _ found: RelayState?) {
        let state = found ?? change.from
        relays[place].state = state
        let cause = RelayCause.unit(.crash, "crash", why: "a change was interrupted")
        if relays[place].wishes.override?.state == change.to { relays[place].wishes.override = nil }
        if relays[place].wishes.override == nil { relays[place].wishes.take(change.from, cause) }
        relays[place].watchdog?.endRestart(at: now.monotonic, guards)
        // The line of the schedule has not been carried out: the next look at the clock takes it up.
        if change.cause.kind == .schedule, let done = relays[place].scheduled { relays[place].scheduled = done - 1 }
    }

    /// No start leaves two relays on that exclude each other, nor makes one before the other is broken.
    ///
    /// The one that is on stays; where none is, or both are, the first of the site file.
    private mutating func separate() {
        guard guards.contains(.exclusion) else { return }
        for isOn in [true, false] {
            for place in relays.indices where isOn ? relays[place].state == .on : relays[place].wishes.base == .on {
                for other in relays[place].excluded where isOn || relays[other].state == .off && other > place {
                    if relays[other].wishes.base == .on || relays[other].state == .on { keepOff(other, for: place) }
                }
            }
        }
    }

    private mutating func keepOff(_ place: Int, for other: Int) {
        relays[place].wishes = RelayWishes(base: .off, cause: .unit(.interlock, relays[other].id))
        relays[place].watchdog?.endRestart(at: now.monotonic, guards)
        if relays[place].state == .on {
            relays[place].state = .off
            relays[place].since = now.monotonic
        }
        report(
            .relayExcluded, .error, place,
            "Relay \(relays[place].id) stays off: relay \(relays[other].id), which is never on together with it, is on."
        )
    }

    /// A load that goes on waits for those it excludes, where one of them goes off only now.
    ///
    /// A coil at rest holds its load on until the line is taken; `on_crash` and `boot` may end one that was on.
    private mutating func breakFirst(_ before: inout [Before], _ kind: RelayStart.Kind) {
        guard guards.contains(.breakGap) else { return }
        for place in relays.indices where !relays[place].excluded.isEmpty && relays[place].state == .off {
            guard before[place].possible.contains(.on) else { continue }
            relays[place].since = now.monotonic
            relays[place].isBreaking = true
        }
        for place in relays.indices where relays[place].state == .on && before[place].possible.contains(.off) {
            guard let other = relays[place].excluded.first(where: { relays[$0].isBreaking }) else { continue }
            before[place].waitsFor = relays[other].id
            relays[place].state = .off
            // It was off already; after the machine's start, since the power came.
            relays[place].since = kind == .boot ? powered : before[place].off ?? now.monotonic
            if ![.boot, .crash].contains(relays[place].wishes.cause.kind), relays[place].wishes.returning == nil {
                relays[place].wishes.returning = .unit(.crash, "crash", why: "as it was before the start")
            }
        }
    }

    /// One drive for each relay: what goes off first, then what goes on.
    private mutating func driveFirst() {
        for state in [RelayState.off, .on] {
            for place in relays.indices where relays[place].state == state {
                actions.append(
                    .drive(
                        RelayDrive(
                            relay: relays[place].id, coil: relays[place].coil(state), state: state, change: nil,
                            isSafe: true)))
            }
        }
        for place in relays.indices { remember(place) }
    }

    /// The owner ends because it was told to: what waits is given up, and no line is touched.
    mutating func stop() {
        guard !isStopping else { return }
        isStopping = true
        for place in relays.indices {
            if let pending = relays[place].pending, pending.phase != .driving {
                abandon(place, "the owner of the relays ends", code: .notReady)
                if let undo = pending.undo {
                    relays[place].wishes = undo.wishes
                    relays[place].watchdog = undo.watchdog
                }
            }
            remember(place)
        }
    }
}
