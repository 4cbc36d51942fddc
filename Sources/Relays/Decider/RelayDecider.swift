public import Site

/// Decides what the relays of a unit do: what it is told goes in, what is to be done comes out.
///
/// A pure state machine: it knows no clock, no line and no card. The rules and what always holds are listed in
/// docs/relays.md. One owner gives it everything in one sequence, and does what it says in that order.
public struct RelayDecider: Sendable {
    var relays: [RelayCase]
    let index: [String: Int]
    /// Places of the relays that have a schedule.
    let scheduled: [Int]
    let guards: RelayGuards
    var memories: [String: RelayMemory]

    var isStarted = false
    var isStopping = false
    /// The number of the last change.
    var number: Int64
    /// The moment of the input that is being worked on.
    var now = Timestamp(wall: 0, boot: Timestamp.unknownBoot, monotonic: 0, isTrusted: false)
    /// The wall time at which the schedules were last looked at; nil before the clock was first trusted.
    var lookedAt: Int64?
    /// What was remembered is of an earlier boot, last written at this wall time: how long the unit was off is known
    /// once the clock is.
    var writtenAt: Int64?
    /// When the coils got their supply; stamps before it are of an earlier boot.
    var powered: Int64 = 0
    var actions: [RelayAction] = []
    /// Relays whose next deadline must be found anew.
    var touched: Set<Int> = []

    /// For the relays of a site, with what was remembered of them.
    ///
    /// `lastChange` is the highest number of a change in the record of intents; 0 for an empty one. Without a zone, no
    /// schedule acts: by another zone's time it would switch at the wrong hour.
    public init(site: SiteFile, zone: LocalZone?, memories: [RelayMemory] = [], lastChange: Int64 = 0) {
        self.init(site: site, zone: zone, memories: memories, lastChange: lastChange, guards: .all)
    }

    /// The same with some of its rules left out, to show that each of them is needed.
    package init(
        site: SiteFile, zone: LocalZone?, memories: [RelayMemory] = [], lastChange: Int64 = 0, guards: RelayGuards
    ) {
        self.guards = guards
        self.memories = Dictionary(memories.map { ($0.relay, $0) }) { _, newer in newer }
        number = max(lastChange, memories.map(\.number).max() ?? 0)
        let boot = RelayCause.unit(.boot, "boot")
        var relays = site.relays.map { configuration in
            let schedule = zone.flatMap { zone in
                configuration.schedule.isEmpty ? nil : RelaySchedule(configuration, of: site.site, zone: zone)
            }
            var relay = RelayCase(
                configuration: configuration, limits: RelayLimits(configuration), schedule: schedule,
                state: .off, since: 0, wishes: RelayWishes(base: .off, cause: boot))
            relay.watchdog = configuration.watchdog.map { WatchdogCase(WatchdogLimits($0, site.network)) }
            return relay
        }
        let index = Dictionary(relays.enumerated().map { ($1.id, $0) }) { first, _ in first }
        scheduled = relays.indices.filter { relays[$0].schedule != nil }
        for place in relays.indices {
            // An interlock holds both ways, whichever of the two names it.
            for other in relays[place].configuration.interlocks.compactMap({ index[$0] }) where other != place {
                if !relays[place].excluded.contains(other) { relays[place].excluded.append(other) }
                if !relays[other].excluded.contains(place) { relays[other].excluded.append(place) }
            }
        }
        self.relays = relays
        self.index = index
    }

    /// Works on one input; the answer is to be done in its order.
    ///
    /// The monotonic time of `time` never goes back within a boot.
    public mutating func handle(_ input: RelayInput, at time: Timestamp) -> [RelayAction] {
        now = time
        switch input {
        case .started(let start): begin(start)
        case .command(let request, let ticket): command(request, ticket)
        case .tick: break
        case .noted(let number): noted(number)
        case .notNoted(let number, let reason): notNoted(number, reason)
        case .driven(let relay, let change): if let place = index[relay] { driven(place, change) }
        case .driveFailed(let relay, let change, let reason):
            if let place = index[relay] { driveFailed(place, change, reason) }
        case .readBack(let relay, let coil): if let place = index[relay] { readBack(place, coil) }
        case .pinged(let round): pinged(round)
        case .stopping: stop()
        }
        if isStarted, !isStopping {
            lookAtClock()
            for place in relays.indices {
                if let deadline = relays[place].deadline, deadline <= time.monotonic { fire(place) }
            }
        }
        for place in touched { relays[place].deadline = deadline(of: place) }
        touched.removeAll(keepingCapacity: true)
        defer { actions.removeAll() }
        return actions
    }

    /// When a `tick` is due next, in milliseconds of the monotonic clock; nil when nothing waits.
    ///
    /// Schedules are in it as far as the clock is trusted; a tick a minute finds a clock that was set.
    public var nextDeadline: Int64? { relays.lazy.compactMap(\.deadline).min() }

    /// Rounds of pings that are out: for whoever can ping and was not there when they were asked for.
    public var openRounds: [PingQuestion] {
        relays.compactMap { relay in
            guard let watchdog = relay.watchdog, watchdog.roundEnds != nil else { return nil }
            return PingQuestion(relay: relay.id, number: watchdog.round, targets: watchdog.limits.targets)
        }
    }

    // MARK: Saying

    mutating func report(
        _ code: Event.Code, _ severity: Event.Severity, _ place: Int, _ message: String,
        _ values: [String: Event.Value] = [:]
    ) {
        actions.append(
            .report(
                Event(
                    code, severity, subject: relays[place].id, message: message, values: values, at: now)))
    }

    mutating func refuse(
        _ ticket: UInt64, _ code: RelayRefusal.Code, _ message: String, hint: String? = nil, until: Int64? = nil,
        at place: Int? = nil
    ) {
        let refusal = RelayRefusal(
            code, message, hint: hint, retryAfter: until.map { Double(max(0, $0 - now.monotonic)) / 1000 },
            state: place.map { relays[$0].state })
        actions.append(.answer(ticket: ticket, .refused(refusal)))
    }

    mutating func accept(
        _ ticket: PendingChange.Ticket, _ place: Int, change: Int64?
    ) {
        if let event = ticket.event { actions.append(.report(event)) }
        let status = status(at: place)
        // Whoever holds a load by hand is not told what would be without that.
        let isLasting =
            switch ticket.command {
            case .on, .off, .toggle: true
            default: false
            }
        let held = status.held.flatMap { $0.reason == .override && !isLasting ? nil : $0.until }
        actions.append(
            .answer(
                ticket: ticket.number,
                .accepted(
                    RelayAcceptance(
                        state: status.state, change: change, held: held, isRepeat: ticket.isRepeat,
                        status: status, isUnchanged: ticket.isUnchanged && change == nil ? true : nil,
                        isProlonged: ticket.isProlonged && change == nil ? true : nil))))
    }

    /// Asks that what is known of a relay be written down.
    mutating func remember(_ place: Int) { actions.append(.note(.memory(memory(of: place)))) }
}
