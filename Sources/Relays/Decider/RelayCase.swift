import Site

/// What somebody or something wants of a load.
struct RelayWishes: Hashable, Sendable {
    /// A state for a while; the time runs from the moment at which the load has it.
    struct Pulse: Hashable, Sendable {
        var state: RelayState
        var length: Int64
        var ends: Int64?
        var cause: RelayCause
    }

    struct Override: Hashable, Sendable {
        var state: RelayState
        var ends: Int64
        var cause: RelayCause
        /// The state below it when it began: going back to that is no new decision.
        var base: RelayState
    }

    /// The load comes on by itself; the time runs from the moment at which it is off.
    struct Restore: Hashable, Sendable {
        var length: Int64
        var ends: Int64?
    }

    /// The state that lasts.
    var base: RelayState
    var cause: RelayCause
    var pulse: Pulse?
    var override: Override?
    var restore: Restore?
    /// Set from the end of something passing until the load is back: that goes in the safe direction.
    var returning: RelayCause?
    /// Who released an override, or an interlock, until the load is back: their change, and noted first like any command.
    var released: RelayCause?

    /// A lasting state in place of whatever was passing; an override stays.
    mutating func take(_ state: RelayState, _ cause: RelayCause) {
        base = state
        self.cause = cause
        pulse = nil
        restore = nil
        returning = nil
        released = nil
    }
}

/// A change that is decided and not done.
struct PendingChange: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        /// The card is to take the note until then.
        case noting(until: Int64)
        /// Relays that exclude this one are to be off, and to have been so for a moment.
        case making(until: Int64?)
        /// The line was told.
        case driving
    }

    /// Somebody who waits for the answer.
    struct Ticket: Hashable, Sendable {
        var number: UInt64
        var key: String?
        var command: RelayCommand
        /// The same request as one that waits already.
        var isRepeat = false
        /// To be told when it is accepted.
        var event: Event?
        /// It left all as it was.
        var isUnchanged = false
        /// It moved the end of a pulse under way.
        var isProlonged = false
    }

    var change: RelayChange
    var phase: Phase
    var isSafe: Bool
    var tickets: [Ticket]
    /// What was wanted before; for a change that somebody asked for, and that is given up.
    var undo: Undo?

    struct Undo: Hashable, Sendable {
        var wishes: RelayWishes
        var watchdog: WatchdogCase?
    }
}

/// Everything that is known of one relay.
struct RelayCase: Sendable {
    /// Why a change waits.
    struct Held: Hashable, Sendable {
        var reason: RelayHold.Reason
        var until: Int64?
    }

    let configuration: RelayConfiguration
    let limits: RelayLimits
    let schedule: RelaySchedule?
    /// Places of the relays that are never on together with this one.
    var excluded: [Int] = []

    var state: RelayState
    var since: Int64
    var line = RelayLine.good
    /// It was told at the start to go off, and its line has not said yet that it did.
    var isBreaking = false
    var wishes: RelayWishes
    var watchdog: WatchdogCase?
    var pending: PendingChange?
    var held: Held?
    var cycles: [Int64] = []
    var totalCycles: Int64 = 0
    var answered: [RelayMemory.Answered] = []
    var last: RelayChange?

    /// Wall milliseconds of the last change of the schedule that was carried out.
    var scheduled: Int64?
    var nextScheduled: RelaySchedule.Change?
    /// Not before then is a failed note, a failed line tried again.
    var noteRetry: Int64?
    var lineRetry: Int64?
    /// When something is due, on the monotonic clock.
    var deadline: Int64?

    var id: String { configuration.id }

    /// Whether the coil has current when the load has this state.
    func coil(_ state: RelayState) -> Bool { (state == .on) == (configuration.contact == .normallyOpen) }

    func state(coil: Bool) -> RelayState { coil == self.coil(.on) ? .on : .off }

    /// The load's state while the coil rests.
    var rest: RelayState { state(coil: false) }

    /// Whether a client of the unit says what one of them has said before, and nothing passing stands between.
    func isSaidAgain(_ state: RelayState, _ cause: RelayCause) -> Bool {
        guard cause.kind == .compatibility, wishes.cause.kind == .compatibility, pending == nil, watchdog?.step == nil
        else { return false }
        var same = wishes
        same.take(state, wishes.cause)
        same.restore = wishes.restore
        return same == wishes
    }

    /// How often the load was switched on within this length of time.
    func cycles(within length: Int64, at time: Int64) -> Int {
        var count = 0
        for cycle in cycles.reversed() {
            guard cycle > time - length else { break }
            count += 1
        }
        return count
    }

    /// When one more time is free, from `time` on; nil at once.
    func cycleFree(at time: Int64, _ guards: RelayGuards) -> Int64? {
        var free: Int64?
        if guards.contains(.cyclesPerHour), cycles(within: RelayLimits.hour, at: time) >= limits.cyclesPerHour {
            free = cycles[cycles.count - limits.cyclesPerHour] + RelayLimits.hour
        }
        if guards.contains(.cyclesPerDay), cycles(within: RelayLimits.day, at: time) >= limits.cyclesPerDay {
            free = max(free ?? .min, cycles[cycles.count - limits.cyclesPerDay] + RelayLimits.day)
        }
        return free
    }

    /// Whether so many more are free from `time` on.
    func hasCycles(_ count: Int, at time: Int64) -> Bool {
        cycles(within: RelayLimits.hour, at: time) <= limits.cyclesPerHour - count
            && cycles(within: RelayLimits.day, at: time) <= limits.cyclesPerDay - count
    }

    mutating func countCycle(at time: Int64) {
        totalCycles += 1
        // Without bounds, the status needs no more than a day's worth either.
        cycles.append(time)
        while let first = cycles.first, first <= time - RelayLimits.day { cycles.removeFirst() }
        if cycles.count > RelayCase.mostCycles { cycles.removeFirst() }
    }

    /// As many as the site file can allow in a day.
    static let mostCycles = 86_400
}

/// What is known of a relay's watchdog.
struct WatchdogCase: Hashable, Sendable {
    let limits: WatchdogLimits
    var isArmed = true
    var isExhausted = false
    var failures = 0
    var attempts = 0
    var restarts: [Int64] = []
    var total: Int64 = 0
    var lastRestart: Int64?
    /// A step of a restart under way, and its end, from the moment at which the load has that state.
    var step: Int?
    var stepEnds: Int64?
    /// No pings before then.
    var quietUntil: Int64 = .min
    var nextPing: Int64?
    var round: Int64 = 0
    /// A round is out; it counts as nothing when it is not back by then.
    var roundEnds: Int64?
    var verdict: PingRound.Verdict?
    /// Said once, until it is over.
    var saidOwnFault = false
    var saidCapped = false

    init(_ limits: WatchdogLimits) { self.limits = limits }

    /// Ends the step under way: it is over, or somebody ended it.
    ///
    /// Either way the load, or what hangs on it, starts up now.
    mutating func endRestart(at time: Int64, _ guards: RelayGuards) {
        guard step != nil else { return }
        step = nil
        stepEnds = nil
        quietUntil = max(quietUntil, time + limits.quiet(after: guards.contains(.backOff) ? attempts : 1))
    }

    func restarts(at time: Int64) -> Int {
        restarts.count { $0 > time - RelayLimits.day }
    }
}
