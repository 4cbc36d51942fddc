/// How a relay stands at one moment.
public struct RelayStatus: Hashable, Sendable, Codable {
    public var relay: String
    /// The load's state as it was last driven.
    public var state: RelayState
    /// The state that the load is to have; another one than `state` while a change is held or on its way.
    public var wanted: RelayState
    /// The state that the load has when nothing passing has a say; nil from an owner of an earlier version.
    public var lasting: RelayLasting?
    /// Whether the coil has current; the contact decides what that means for the load.
    public var coil: Bool
    /// Since when the load has this state.
    public var since: WallTime
    /// Whether the line takes what it is told and reads back as driven.
    public var line: RelayLine
    /// A pulse under way, and when it ends.
    public var pulse: RelayCountdown?
    /// A change that waits, and what for.
    public var held: RelayHold?
    public var override: RelayOverride?
    /// The load is off, and comes on by itself unless somebody confirms.
    public var restore: RelayCountdown?
    /// The next line of the schedule; nil without one, and while the clock is not trusted.
    public var next: RelayScheduled?
    /// Nil for a relay without one.
    public var watchdog: WatchdogStatus?
    /// Times the load was switched on, in the last hour and the last day, and in all.
    public var cycles: RelayCycles
    /// The last change of the state; nil before the first.
    public var last: RelayChange?

    public init(
        relay: String, state: RelayState, wanted: RelayState, coil: Bool, since: WallTime, line: RelayLine = .good,
        pulse: RelayCountdown? = nil, held: RelayHold? = nil, override: RelayOverride? = nil,
        restore: RelayCountdown? = nil, next: RelayScheduled? = nil, watchdog: WatchdogStatus? = nil,
        cycles: RelayCycles = RelayCycles(), last: RelayChange? = nil, lasting: RelayLasting? = nil
    ) {
        self.relay = relay
        self.state = state
        self.wanted = wanted
        self.lasting = lasting
        self.coil = coil
        self.since = since
        self.line = line
        self.pulse = pulse
        self.held = held
        self.override = override
        self.restore = restore
        self.next = next
        self.watchdog = watchdog
        self.cycles = cycles
        self.last = last
    }
}

/// What is known of a relay's line.
public enum RelayLine: String, Hashable, Sendable, Codable, CaseIterable {
    /// It takes what it is told; read back, where that is possible, it is as driven.
    case good
    /// It reads back other than driven.
    case mismatch
    /// It does not take what it is told: the chip is gone or does not answer.
    case failed
}

/// When something ends or begins: for the eye, and for a countdown that does not need the viewer's clock.
public struct RelayCountdown: Hashable, Sendable, Codable {
    public var at: WallTime
    /// Seconds from now on, of the moment at which the status was made.
    public var seconds: Double

    public init(at: WallTime, seconds: Double) {
        self.at = at
        self.seconds = seconds
    }
}

/// What lasts below overrides, pulses and restarts.
public struct RelayLasting: Hashable, Sendable, Codable {
    public var state: RelayState
    /// Who wanted it last.
    public var cause: RelayCause

    public init(state: RelayState, cause: RelayCause) {
        self.state = state
        self.cause = cause
    }
}

/// A change that waits.
public struct RelayHold: Hashable, Sendable, Codable {
    /// What it waits for.
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        case minimumOn
        case minimumOff
        /// A cycle of the hour or the day to be free.
        case cycles
        /// A relay that excludes this one to be off.
        case interlock
        /// The end of an override.
        case override
        /// The note on the card.
        case note
        /// The chip to come back.
        case line
    }

    public var reason: Reason
    /// The state that the load takes then.
    public var state: RelayState
    /// Nil where no time can be said.
    public var until: RelayCountdown?
    public var cause: RelayCause

    public init(_ reason: Reason, state: RelayState, until: RelayCountdown?, cause: RelayCause) {
        self.reason = reason
        self.state = state
        self.until = until
        self.cause = cause
    }
}

/// A state that is held by hand.
public struct RelayOverride: Hashable, Sendable, Codable {
    public var state: RelayState
    public var ends: RelayCountdown
    public var cause: RelayCause

    public init(state: RelayState, ends: RelayCountdown, cause: RelayCause) {
        self.state = state
        self.ends = ends
        self.cause = cause
    }
}

/// The next change that the schedule will bring.
public struct RelayScheduled: Hashable, Sendable, Codable {
    public var state: RelayState
    public var at: RelayCountdown
    /// The line of the site file.
    public var entry: String

    public init(state: RelayState, at: RelayCountdown, entry: String) {
        self.state = state
        self.at = at
        self.entry = entry
    }
}

/// How often a load was switched on.
public struct RelayCycles: Hashable, Sendable, Codable {
    public var hour: Int
    public var day: Int
    /// Since the unit was set up.
    public var total: Int64

    public init(hour: Int = 0, day: Int = 0, total: Int64 = 0) {
        self.hour = hour
        self.day = day
        self.total = total
    }
}

/// How a relay's ping watchdog stands.
public struct WatchdogStatus: Hashable, Sendable, Codable {
    /// What it does just now.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Switched off by hand, or because the attempts are used up and the site file has no `then_every`.
        case disarmed
        /// It would not restart a load that somebody wants off, or whose state is held.
        case resting
        /// The load starts up; no pings.
        case waiting
        /// It pings.
        case pinging
        /// It restarts the load.
        case restarting
        /// The attempts are used up; the load is on, and it tries again every `then_every`.
        case exhausted
    }

    public var state: State
    /// Rounds in a row without an answer.
    public var failures: Int
    /// Restarts in a row without an answer since.
    public var attempts: Int
    /// Restarts within the last day, and in all.
    public var today: Int
    public var total: Int64
    /// When it pings next, or tries again.
    public var next: RelayCountdown?
    /// The last round; nil before the first.
    public var last: PingRound.Verdict?

    public init(
        state: State, failures: Int = 0, attempts: Int = 0, today: Int = 0, total: Int64 = 0,
        next: RelayCountdown? = nil, last: PingRound.Verdict? = nil
    ) {
        self.state = state
        self.failures = failures
        self.attempts = attempts
        self.today = today
        self.total = total
        self.next = next
        self.last = last
    }
}
