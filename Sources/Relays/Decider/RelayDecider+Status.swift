public import Site

/// How the relays stand, for whoever asks.
extension RelayDecider {
    /// The status of a relay; nil when there is none of that name.
    public func status(of relay: String, at time: Timestamp) -> RelayStatus? {
        guard let place = index[relay] else { return nil }
        var copy = self
        copy.now = time
        return copy.status(at: place)
    }

    /// The status of each relay, in the order of the site file.
    public func statuses(at time: Timestamp) -> [RelayStatus] {
        var copy = self
        copy.now = time
        return relays.indices.map { copy.status(at: $0) }
    }

    func status(at place: Int) -> RelayStatus {
        let relay = relays[place]
        let wanted = wanted(place)
        var status = RelayStatus(
            relay: relay.id, state: relay.state, wanted: wanted.state, coil: relay.coil(relay.state),
            since: wall(relay.since), line: relay.line, held: hold(place, wanted))
        status.lasting = RelayLasting(state: relay.wishes.base, cause: relay.wishes.cause)
        status.pulse = relay.wishes.pulse?.ends.map { countdown($0) }
        status.override = relay.wishes.override.map {
            RelayOverride(state: $0.state, ends: countdown($0.ends), cause: $0.cause)
        }
        status.restore = relay.wishes.restore?.ends.map { countdown($0) }
        if let next = relay.nextScheduled, now.isTrusted {
            status.next = RelayScheduled(
                state: next.state,
                at: RelayCountdown(
                    at: WallTime(milliseconds: next.time), seconds: Double(max(0, next.time - now.wall)) / 1000),
                entry: "\(next.entry)")
        }
        status.watchdog = relay.watchdog.map { self.watchdog($0, relay) }
        status.cycles = RelayCycles(
            hour: relay.cycles(within: RelayLimits.hour, at: now.monotonic),
            day: relay.cycles(within: RelayLimits.day, at: now.monotonic), total: relay.totalCycles)
        status.last = relay.last
        return status
    }

    private func hold(_ place: Int, _ wanted: Wanted) -> RelayHold? {
        let relay = relays[place]
        if let pending = relay.pending {
            let to = pending.change.to
            switch pending.phase {
            case .noting(let until):
                return RelayHold(.note, state: to, until: countdown(until), cause: pending.change.cause)
            case .making(let until):
                return RelayHold(.interlock, state: to, until: until.map { countdown($0) }, cause: pending.change.cause)
            case .driving: return nil
            }
        }
        if wanted.state != relay.state, let held = relay.held {
            return RelayHold(
                held.reason, state: wanted.state, until: held.until.map { countdown($0) }, cause: wanted.cause)
        }
        if let override = relay.wishes.override, relay.wishes.base != override.state {
            return RelayHold(
                .override, state: relay.wishes.base, until: countdown(override.ends), cause: relay.wishes.cause)
        }
        return nil
    }

    private func watchdog(_ watchdog: WatchdogCase, _ relay: RelayCase) -> WatchdogStatus {
        var next = watchdog.nextPing ?? watchdog.roundEnds
        let state: WatchdogStatus.State
        if !watchdog.isArmed {
            state = .disarmed
        } else if watchdog.step != nil {
            state = .restarting
            next = watchdog.stepEnds
        } else if watchdog.nextPing == nil, watchdog.roundEnds == nil {
            state = .resting
        } else if watchdog.isExhausted {
            state = .exhausted
            if let every = watchdog.limits.thenEvery, let last = watchdog.lastRestart { next = last + every }
        } else if watchdog.failures == 0, let ping = watchdog.nextPing,
            ping == max(watchdog.quietUntil, relay.since + watchdog.limits.delay), ping > now.monotonic
        {
            state = .waiting
        } else {
            state = .pinging
        }
        return WatchdogStatus(
            state: state, failures: watchdog.failures, attempts: watchdog.attempts,
            today: watchdog.restarts(at: now.monotonic), total: watchdog.total, next: next.map { countdown($0) },
            last: watchdog.verdict)
    }

    private func wall(_ monotonic: Int64) -> WallTime {
        WallTime(milliseconds: now.wall - now.monotonic + monotonic)
    }

    private func countdown(_ monotonic: Int64) -> RelayCountdown {
        RelayCountdown(at: wall(monotonic), seconds: Double(max(0, monotonic - now.monotonic)) / 1000)
    }
}
