/// One entry of `relays:`.
///
/// `on` always means that the load has power, whatever the contact and the level.
public struct RelayConfiguration: Hashable, Sendable {
    /// Which contact the load is wired to.
    public enum Contact: String, Hashable, Sendable, CaseIterable {
        /// Normally closed: a relay without current leaves the load powered.
        case normallyClosed = "nc"
        /// Normally open: a relay without current leaves the load off.
        case normallyOpen = "no"
    }

    /// The level at the pin that pulls the relay.
    public enum ActiveLevel: String, Hashable, Sendable, CaseIterable {
        case high
        case low
    }

    /// The state that is taken at boot, before the network is up.
    public enum BootState: String, Hashable, Sendable, CaseIterable {
        case on
        case off
        /// As before the unit went down.
        case last
    }

    /// What happens to the load when the owner of the lines ends without being told to.
    public enum CrashBehavior: String, Hashable, Sendable, CaseIterable {
        case hold
        case on
        case off
    }

    /// What the relay feeds, where that matters to safety.
    public enum Load: String, Hashable, Sendable, CaseIterable {
        case router
        case camera
        case other
    }

    public var id: String
    public var name: String
    public var output: RelayOutput
    public var contact: Contact
    public var active: ActiveLevel
    public var boot: BootState
    public var onCrash: CrashBehavior
    /// Once switched on it stays on so long, and the same for off; protects compressors, modems and lamps.
    public var minimumOn: Duration
    public var minimumOff: Duration
    /// Upper bound of switching on; nil for none.
    public var cyclesPerHour: Int?
    public var cyclesPerDay: Int?
    /// Relays that are never on together with this one; of a site file that was read, also those that name it.
    public var interlocks: [String]
    /// Length of a pulse when the request names none.
    public var pulse: Duration
    /// A load that somebody switched off comes on again by itself after so long, unless it is confirmed.
    ///
    /// Nil: it stays off. Never nil for the router, through which whoever switched it came in.
    public var restore: Duration?
    public var feeds: Load
    public var schedule: [ScheduleEntry]
    public var rules: [RelayRule]
    public var watchdog: RelayWatchdog?

    public init(
        id: String, name: String? = nil, output: RelayOutput, contact: Contact = .normallyOpen,
        active: ActiveLevel = .high, boot: BootState = .off, onCrash: CrashBehavior = .hold,
        minimumOn: Duration = .zero, minimumOff: Duration = .zero, cyclesPerHour: Int? = nil, cyclesPerDay: Int? = nil,
        interlocks: [String] = [], pulse: Duration? = nil, restore: Duration? = nil,
        feeds: Load? = nil, schedule: [ScheduleEntry] = [], rules: [RelayRule] = [], watchdog: RelayWatchdog? = nil
    ) {
        self.id = id
        self.name = name ?? id
        self.output = output
        self.contact = contact
        self.active = active
        self.boot = boot
        self.onCrash = onCrash
        self.minimumOn = minimumOn
        self.minimumOff = minimumOff
        self.cyclesPerHour = cyclesPerHour
        self.cyclesPerDay = cyclesPerDay
        self.interlocks = interlocks
        self.pulse = pulse ?? Self.shortPulse
        self.feeds = feeds ?? Load(rawValue: id) ?? .other
        self.restore = restore ?? (self.feeds == .router ? Self.routerRestore : nil)
        self.schedule = schedule
        self.rules = rules
        self.watchdog = watchdog
        if pulse == nil { self.pulse = pulseLeftOut }
    }

    /// `pulse` where the site file says nothing, and no minimum time is longer.
    public static let shortPulse = Duration.milliseconds(1500)

    /// How long the state of a pulse lasts at least: the other one than that of `boot`, the longer one for `last`.
    var pulseMinimum: Duration {
        switch boot {
        case .on: minimumOff
        case .off: minimumOn
        case .last: max(minimumOn, minimumOff)
        }
    }

    /// `pulse` where the site file says nothing: one that the minimum times do not refuse.
    var pulseLeftOut: Duration { max(Self.shortPulse, pulseMinimum) }

    /// `restore` of a relay that feeds the router, where the site file says nothing.
    public static let routerRestore = Duration.seconds(60)
}

/// Where a relay's coil is driven from.
public enum RelayOutput: Hashable, Sendable {
    /// A GPIO line of the board by its BCM number: 17 is `GPIO17`.
    case line(Int)
    case expander(ExpanderPin)
}

/// A pin of an MCP23017: 0 to 7 are GPA0 to GPA7, 8 to 15 are GPB0 to GPB7.
public struct ExpanderPin: Hashable, Sendable, CustomStringConvertible {
    public var location: I2CLocation
    public var pin: Int

    public init(location: I2CLocation, pin: Int) {
        self.location = location
        self.pin = pin
    }

    /// `GPB3`.
    public var pinName: String { "GP\(pin < 8 ? "A" : "B")\(pin % 8)" }

    public var description: String { "\(pinName) of the expander at \(location.addressText) on bus \(location.bus)" }
}

/// A state of a load.
public enum RelayState: String, Hashable, Sendable, CaseIterable, Codable {
    case on
    case off
}

/// `relays[].rules[]`: switches on a reading.
public struct RelayRule: Hashable, Sendable {
    public var when: Condition
    /// When the rule ends; nil: as soon as `when` no longer holds.
    public var clear: Condition.Test?
    /// How long `when` must hold first.
    public var hold: Duration
    /// The state while the rule holds.
    public var state: RelayState

    public init(when: Condition, clear: Condition.Test? = nil, hold: Duration = .zero, state: RelayState) {
        self.when = when
        self.clear = clear
        self.hold = hold
        self.state = state
    }
}
