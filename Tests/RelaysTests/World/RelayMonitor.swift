import Relays
import Site

/// Watches a unit from outside, and says which invariant of docs/relays.md was broken first.
///
/// It counts for itself: what the lines did, what was asked, what was pinged.
struct RelayMonitor {
    /// One relay as it was seen.
    struct Seen {
        let configuration: RelayConfiguration
        let excluded: [Int]
        let minimumOn: Int64
        let minimumOff: Int64
        let restore: Int64?
        let watchdog: Watchdog?

        var state = RelayState.off
        /// World time.
        var since: Int64 = 0
        var isFresh = true
        /// What the line was told and has not answered.
        var drive: RelayDrive?
        var ons: [Int64] = []
        /// A start within the windows of the cycles lets what goes in the safe direction exceed them.
        var started: Int64 = .min
        var override: (state: RelayState, ends: Int64)?
        var keys: [String: (command: RelayCommand, change: Int64?, time: Int64)] = [:]
        var lastTicket: UInt64 = 0
        var repaired: Int64?
        /// When the card last took what is remembered of it.
        var remembered: Int64 = .min

        // Of its watchdog.
        /// The round that is out.
        var asked: (number: Int64, time: Int64)?
        var bad = 0
        var row = 0
        var restarts: [Int64] = []
        var lastRestart: Int64?
        var restartChanges: Set<Int64> = []
        var quietFrom: Int64?
    }

    /// Its watchdog's configuration in milliseconds.
    struct Watchdog {
        let watchdog: RelayWatchdog
        let witnesses: Int
        let targets: Int
        let delay: Int64
        let every: Int64?
    }

    var seen: [Seen]
    let index: [String: Int]
    var durable: Set<Int64> = []
    var open: [UInt64: (request: RelayRequest, time: Int64, state: RelayState)] = [:]
    var wasTrusted = false
    var violation: String?
    var lastTick: Int64 = 0
    var lastNumber: Int64 = 0
    var sample = 0
    var starting: RelayStart?

    init(_ site: SiteFile) {
        let index = Dictionary(uniqueKeysWithValues: site.relays.enumerated().map { ($1.id, $0) })
        self.index = index
        seen = site.relays.map { relay in
            let excluded = site.relays.indices.filter { other in
                site.relays[other].id != relay.id
                    && (relay.interlocks.contains(site.relays[other].id)
                        || site.relays[other].interlocks.contains(relay.id))
            }
            let watchdog = relay.watchdog.map { watchdog in
                let targets = watchdog.ping.reduce(0) { count, target in
                    target == .witness ? count + site.network.witnesses.count : count + 1
                }
                return Watchdog(
                    watchdog: watchdog, witnesses: watchdog.witnesses ?? targets, targets: targets,
                    delay: watchdog.delay.relayMilliseconds, every: watchdog.thenEvery?.relayMilliseconds)
            }
            return Seen(
                configuration: relay, excluded: excluded, minimumOn: relay.minimumOn.relayMilliseconds,
                minimumOff: relay.minimumOff.relayMilliseconds, restore: relay.restore?.relayMilliseconds,
                watchdog: watchdog)
        }
    }

    mutating func fail(_ number: Int, _ what: String) {
        if violation == nil { violation = "invariant \(number): \(what)" }
    }

    mutating func repaired(_ id: String, at time: Int64?) {
        if let place = index[id] { seen[place].repaired = time }
    }

    mutating func remembered(_ id: String, at time: Int64) {
        if let place = index[id] { seen[place].remembered = time }
    }

    /// The owner starts; a machine that starts has let its coils rest since its boot.
    mutating func starting(
        _ start: RelayStart, at time: Int64, booted: Int64, boot: Int, memories: [String: RelayMemory]
    ) {
        starting = start
        open = [:]
        if start.kind == .boot { wasTrusted = false }
        for place in seen.indices {
            let relay = seen[place]
            if start.kind == .boot {
                let rest: RelayState = relay.configuration.contact == .normallyClosed ? .on : .off
                if seen[place].state != rest || relay.isFresh {
                    seen[place].state = rest
                    seen[place].since = booted
                }
                seen[place].quietFrom = nil
            }
            seen[place].isFresh = false
            seen[place].drive = nil
            seen[place].override = nil
            seen[place].started = time
            seen[place].bad = 0
            let memory = memories[relay.configuration.id]
            // What the card has not got, nobody can know.
            if relay.remembered < relay.since {
                seen[place].ons = []
                if start.kind != .boot { seen[place].since = .min / 2 }
            }
            seen[place].keys = seen[place].keys.filter { key in memory?.answered.contains { $0.key == key.key } ?? false
            }
            // The numbers of changes that no card took are given again.
            seen[place].restartChanges = []
            let quiet = memory?.saved.boot == boot ? memory?.watchdog?.quietUntil : nil
            if let from = relay.quietFrom, (quiet ?? .min) < from - booted { seen[place].quietFrom = nil }
        }
    }

    // MARK: Each input, before and after

    mutating func before(_ input: RelayInput, at time: Int64, _ now: Timestamp, _ decider: RelayDecider) {
        if now.isTrusted { wasTrusted = true }
        switch input {
        case .command(let request, let ticket):
            guard let place = index[request.relay] else { return }
            open[ticket] = (request, time, decider.status(of: request.relay, at: now)?.state ?? seen[place].state)
            seen[place].lastTicket = ticket
            // Another one, or none, may come: what counts is what is answered.
            switch request.command {
            case .override, .release: seen[place].override = nil
            default: break
            }
        case .driven(let relay, _):
            if let place = index[relay], let drive = seen[place].drive { switched(place, drive, at: time) }
        case .pinged(let round): if let place = index[round.relay] { judge(place, round, at: time) }
        case .tick: lastTick = time
        default: break
        }
        switch input {
        case .started, .driven, .driveFailed: break
        default: starting = nil
        }
    }

    mutating func after(
        _ input: RelayInput, _ actions: [RelayAction], at time: Int64, _ now: Timestamp, _ decider: RelayDecider
    ) {
        for action in actions {
            switch action {
            case .noteFirst(let change, _): intended(change, at: time)
            case .drive(let drive): driving(drive, isStart: starting != nil)
            case .note(.change(let change)): lastNumber = max(lastNumber, change.number); safe(change, at: time)
            case .answer(let ticket, let answer): answered(ticket, answer, at: time)
            case .ping(let question): asked(question, at: time)
            case .note, .report: break
            }
        }
        if case .started(let start) = input { started(start, actions, now) }
        if let late = open.first(where: { time - $0.value.time > 4100 }), case .tick = input {
            fail(9, "\(late.value.request) has no answer after \(time - late.value.time) ms")
        }
        // What ends looks at nothing any more; the next start does.
        if case .stopping = input { return }
        sample += 1
        if sample % 4 == 0 || isPinged(input) { look(decider, at: time, now, input) }
    }

    private func isPinged(_ input: RelayInput) -> Bool {
        if case .pinged = input { true } else { false }
    }

    // MARK: Lines

    private mutating func driving(_ drive: RelayDrive, isStart: Bool) {
        guard let place = index[drive.relay] else { return }
        seen[place].drive = drive
        if !drive.isSafe, let change = drive.change, !durable.contains(change) {
            fail(7, "\(drive.relay) is driven without its note")
        }
    }

    private mutating func switched(_ place: Int, _ drive: RelayDrive, at time: Int64) {
        seen[place].drive = nil
        seen[place].repaired = nil
        let relay = seen[place]
        let isStart = starting != nil
        guard drive.state != relay.state else { return }
        let lasted = time - relay.since
        let isTimed = starting?.kind != .crash && !(starting?.kind == .boot && drive.state == .off)
        if isTimed, lasted < (relay.state == .on ? relay.minimumOn : relay.minimumOff) {
            fail(3, "\(drive.relay) was \(relay.state) for \(lasted) ms only")
        }
        if drive.state == .on {
            for other in relay.excluded {
                if seen[other].state == .on {
                    fail(1, "\(drive.relay) and \(seen[other].configuration.id) are both on")
                }
                if time - seen[other].since < 100 { fail(2, "\(drive.relay) is on too soon after the other") }
            }
            countOn(place, drive, at: time, isStart: isStart)
        }
        // One that nobody confirmed gives way to the restore.
        let isRestored = relay.restore != nil && drive.state == .on && drive.isSafe
        if let override = relay.override, override.ends > time, !isStart, !isRestored, drive.state != override.state {
            fail(5, "\(drive.relay) left the state that is held by hand")
        }
        if let change = drive.change, seen[place].restartChanges.remove(change) != nil { restarted(place, at: time) }
        if drive.state == relay.watchdog?.watchdog.rest { seen[place].quietFrom = nil }
        seen[place].state = drive.state
        seen[place].since = time
    }

    private mutating func countOn(_ place: Int, _ drive: RelayDrive, at time: Int64, isStart: Bool) {
        seen[place].ons.append(time)
        while let first = seen[place].ons.first, first <= time - 86_400_000 { seen[place].ons.removeFirst() }
        guard !isStart else { return }
        let relay = seen[place]
        if let most = relay.configuration.cyclesPerHour, !(drive.isSafe && relay.started > time - 3_600_000),
            relay.ons.count(where: { $0 > time - 3_600_000 }) > most
        {
            fail(
                4, "\(drive.relay) was switched on more than \(most) times an hour\(drive.isSafe ? " by a return" : "")"
            )
        }
        if let most = relay.configuration.cyclesPerDay, !(drive.isSafe && relay.started > time - 86_400_000),
            relay.ons.count > most
        {
            fail(4, "\(drive.relay) was switched on more than \(most) times a day\(drive.isSafe ? " by a return" : "")")
        }
    }

    private mutating func started(_ start: RelayStart, _ actions: [RelayAction], _ now: Timestamp) {
        var drives: [String: RelayDrive] = [:]
        for case .drive(let drive) in actions where drive.change == nil {
            if drives[drive.relay] == nil { drives[drive.relay] = drive }
        }
        for place in seen.indices {
            let relay = seen[place]
            guard let drive = drives[relay.configuration.id] else {
                fail(8, "\(relay.configuration.id) is not driven at the start")
                continue
            }
            guard relay.excluded.isEmpty else { continue }
            switch start.kind {
            case .boot:
                let isHeld = now.monotonic < relay.minimumOff && relay.state == .off
                if relay.configuration.boot == .on, drive.state != .on, !isHeld { fail(8, "boot: on is not kept") }
                if relay.configuration.boot == .off, drive.state != .off { fail(8, "boot: off is not kept") }
            case .crash where relay.configuration.onCrash == .on:
                if drive.state != .on { fail(8, "on_crash: on is not kept") }
            case .crash where relay.configuration.onCrash == .off:
                if drive.state != .off { fail(8, "on_crash: off is not kept") }
            case .crash, .restart:
                // A line that could not be read is taken to be as it was remembered.
                let isKnown = start.coils[drive.relay] != nil
                if isKnown, drive.state != relay.state { fail(10, "a restart switched \(drive.relay) \(drive.state)") }
            }
        }
    }
}
