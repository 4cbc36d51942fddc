public import Site

/// What must be known of a relay after the owner of the lines, or the machine, starts again.
///
/// Stamps are milliseconds of the monotonic clock of the boot in `saved`; negative ones are of a boot before it.
public struct RelayMemory: Hashable, Sendable, Codable {
    /// A state held by hand.
    public struct Override: Hashable, Sendable, Codable {
        public var state: RelayState
        public var ends: Int64
        public var cause: RelayCause
        /// The state below it when it began.
        public var base: RelayState
    }

    /// A pulse under way.
    public struct Pulse: Hashable, Sendable, Codable {
        public var state: RelayState
        public var ends: Int64
        public var cause: RelayCause
    }

    /// A request that was answered: the same one is not done again.
    public struct Answered: Hashable, Sendable, Codable {
        public var key: String
        public var command: RelayCommand
        public var change: Int64?
        public var at: Int64
    }

    public var relay: String
    /// When this was written.
    public var saved: Timestamp
    /// The number of the last change of this relay.
    public var number: Int64
    /// The load's state, and since when.
    public var state: RelayState
    public var since: Int64
    /// The state that the load has when nothing passing (override, pulse, watchdog) has a say, and who wanted it.
    public var base: RelayState
    public var baseCause: RelayCause
    /// Why the load goes back to it, while it is not there yet: that waits for no note, over a restart either.
    public var returning: RelayCause?
    /// Who let it go back to it, while it is not there yet; noted first.
    public var released: RelayCause?
    public var pulse: Pulse?
    public var override: Override?
    /// When a load that was switched off comes on by itself.
    public var restores: Int64?
    /// When the load was switched on within the last day, oldest first.
    public var cycles: [Int64]
    public var totalCycles: Int64
    /// Wall milliseconds of the last change of the schedule that was carried out; nil before the first.
    public var scheduled: Int64?
    public var watchdog: WatchdogMemory?
    public var answered: [Answered]
    public var last: RelayChange?
}

/// What must be known of a watchdog after a start.
public struct WatchdogMemory: Hashable, Sendable, Codable {
    public var isArmed: Bool
    public var failures: Int
    public var attempts: Int
    /// Restarts within the last day, oldest first; stamps as in `RelayMemory`.
    public var restarts: [Int64]
    public var total: Int64
    public var isExhausted: Bool
    /// The last restart's beginning, for back-off and `then_every`.
    public var lastRestart: Int64?
    /// A restart under way: which of its steps, and when that ends.
    public var step: Int?
    public var stepEnds: Int64?
    /// No pings before then: the load starts up.
    public var quietUntil: Int64?
    /// The last round's number.
    public var round: Int64
}
