import Site

/// The lengths of a relay's configuration in milliseconds, as the decider counts.
struct RelayLimits: Hashable, Sendable {
    var minimumOn: Int64
    var minimumOff: Int64
    var cyclesPerHour: Int
    var cyclesPerDay: Int
    /// The length of a pulse that names none.
    var pulse: Int64
    var restore: Int64?

    init(_ configuration: RelayConfiguration) {
        minimumOn = configuration.minimumOn.relayMilliseconds
        minimumOff = configuration.minimumOff.relayMilliseconds
        cyclesPerHour = configuration.cyclesPerHour ?? .max
        cyclesPerDay = configuration.cyclesPerDay ?? .max
        pulse = configuration.pulse.relayMilliseconds
        restore = configuration.restore?.relayMilliseconds
    }

    /// As many cycles as must be remembered for its bounds; none for a relay without.
    var mostCycles: Int {
        max(cyclesPerHour == .max ? 0 : cyclesPerHour, cyclesPerDay == .max ? 0 : cyclesPerDay)
    }

    /// How long the load keeps a state at least.
    func minimum(_ state: RelayState) -> Int64 { state == .on ? minimumOn : minimumOff }

    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000
    static let pulses: ClosedRange<Int64> = 100...day
    static let overrides: ClosedRange<Int64> = 1000...(31 * day)
    /// From one relay let go to the next one pulled, where the two exclude each other: relays let go within 10 ms, and
    /// an arc takes as long again.
    static let breakGap: Int64 = 100
    /// So long the card may take for a note.
    static let note: Int64 = 2000
    /// A note that failed is tried again after so long, where nobody waits for it.
    static let noteRetry: Int64 = 30_000
    /// A line that failed is tried again after so long.
    static let lineRetry: Int64 = 1000
    /// So long whoever pings may take for a round.
    static let round: Int64 = 30_000
    static let longestBackOff: Int64 = 6 * hour
    /// So many answered requests are remembered, for a day.
    static let answers = 32
}

/// The same of its watchdog.
struct WatchdogLimits: Hashable, Sendable {
    var targets: [String]
    /// So many of them must be silent.
    var witnesses: Int
    var every: Int64
    var retry: Int64
    var failures: Int
    var rest: RelayState
    var steps: [Step]
    var delay: Int64
    var backOff: Int64
    var attempts: Int
    var thenEvery: Int64?
    var perDay: Int
    var pressAtBoot: Bool

    /// One state of a restart.
    struct Step: Hashable, Sendable {
        var state: RelayState
        var length: Int64
    }

    init(_ watchdog: RelayWatchdog, _ network: NetworkConfiguration) {
        var hosts: [String] = []
        for target in watchdog.ping {
            switch target {
            case .gateway: hosts += network.router.map { ["\($0.address)"] } ?? []
            case .camera: hosts += network.cameras.map { "\($0.address)" }
            case .witness: hosts += network.witnesses
            case .host(let host): hosts.append(host)
            }
        }
        targets = []
        for host in hosts where !targets.contains(host) { targets.append(host) }
        witnesses = min(watchdog.witnesses ?? targets.count, targets.count)
        every = watchdog.every.relayMilliseconds
        retry = watchdog.retry?.relayMilliseconds ?? every
        failures = watchdog.failures
        rest = watchdog.rest
        steps = watchdog.steps.map { Step(state: $0.state, length: $0.length.relayMilliseconds) }
        delay = watchdog.delay.relayMilliseconds
        backOff = Int64(watchdog.backOff)
        attempts = watchdog.attempts
        thenEvery = watchdog.thenEvery?.relayMilliseconds
        perDay = watchdog.perDay
        pressAtBoot = watchdog.pressAtBoot && watchdog.method != .cut
    }

    /// How long the load gets to start after so many restarts in a row.
    func quiet(after attempts: Int) -> Int64 {
        var length = delay
        let most = max(delay, RelayLimits.longestBackOff)
        for _ in 1..<max(attempts, 1) where length < most { length = min(most, length * backOff) }
        return length
    }
}
