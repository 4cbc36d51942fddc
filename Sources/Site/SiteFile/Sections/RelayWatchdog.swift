/// `relays[].watchdog`: restarts the load when its ping targets do not answer.
public struct RelayWatchdog: Hashable, Sendable {
    /// Who is pinged.
    public enum Target: Hashable, Sendable {
        /// `network.router`.
        case gateway
        /// Every camera of `network.camera`.
        case camera
        /// Every host of `network.witness`.
        case witness
        case host(String)
    }

    /// How the load is restarted; the methods of ControlByWeb's modules.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// Its power is cut for `off_for`.
        case cut
        /// The relay lies across its reset button, and is closed for `press`.
        case button
        /// The relay lies across the power button of a computer (ATX): closed for `hold`, which forces it off; open for
        /// `off_for`; closed for `press`, which starts it.
        case atx
    }

    public var ping: [Target]
    /// So many targets must be silent for a round to be bad; nil for all of them.
    public var witnesses: Int?
    /// Between two rounds of pings.
    public var every: Duration
    /// The same after a bad round; nil for the same.
    public var retry: Duration?
    /// Bad rounds in a row before the load is restarted.
    public var failures: Int
    public var method: Method
    public var offFor: Duration
    public var press: Duration
    public var hold: Duration
    /// Press the button once when the unit starts.
    public var pressAtBoot: Bool
    /// No pings after boot and after a restart: the load starts up.
    public var delay: Duration
    /// After each restart in a row `delay` is so many times longer, up to six hours; 1: never longer.
    public var backOff: Int
    /// Restarts in a row; after the last the load stays on.
    public var attempts: Int
    /// After the last attempt, try once more this often; nil: not before a target has answered, or a person says so.
    public var thenEvery: Duration?
    /// Upper bound of restarts in a day.
    public var perDay: Int

    public init(
        ping: [Target], witnesses: Int? = nil, every: Duration = .seconds(60), retry: Duration? = nil,
        failures: Int = 5, method: Method = .cut, offFor: Duration = .seconds(15),
        press: Duration = .milliseconds(500), hold: Duration = .seconds(6), pressAtBoot: Bool = false,
        delay: Duration = .seconds(300), backOff: Int = 2, attempts: Int = 3, thenEvery: Duration? = nil,
        perDay: Int = 12
    ) {
        self.ping = ping
        self.witnesses = witnesses
        self.every = every
        self.retry = retry
        self.failures = failures
        self.method = method
        self.offFor = offFor
        self.press = press
        self.hold = hold
        self.pressAtBoot = pressAtBoot
        self.delay = delay
        self.backOff = backOff
        self.attempts = attempts
        self.thenEvery = thenEvery
        self.perDay = perDay
    }

    /// The load's state while nothing is done to it.
    public var rest: RelayState { method == .cut ? .on : .off }

    /// What a restart does, one state after the other; then the load is at rest again.
    public var steps: [(state: RelayState, length: Duration)] {
        switch method {
        case .cut: [(.off, offFor)]
        case .button: [(.on, press)]
        case .atx: [(.on, hold), (.off, offFor), (.on, press)]
        }
    }
}
