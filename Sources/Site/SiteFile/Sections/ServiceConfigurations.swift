/// `storage:` the camera's drive and its share.
public struct StorageConfiguration: Hashable, Sendable {
    /// What is done with a drive that holds somebody else's files.
    public enum ForeignDrive: String, Hashable, Sendable, CaseIterable {
        /// Footage is written beside them.
        case beside
        case refuse
    }

    /// What a second drive does.
    public enum SecondDrive: String, Hashable, Sendable, CaseIterable {
        /// It waits until the first is gone.
        case wait
        case replace
    }

    /// Name of the SMB share.
    public var share: String
    /// How long footage is promised to be kept.
    public var retention: Duration
    /// The oldest clips go when less than this is free at the current bit rate.
    public var reserve: Duration
    public var foreign: ForeignDrive
    public var second: SecondDrive
    /// In bytes: as large as the share says that it is at most, for cameras that delete their oldest clips themselves.
    public var maximumSize: Int64?
    /// nil: footage is protected by people alone.
    public var protection: FootageProtection?

    public init(
        share: String = "camera", retention: Duration = .seconds(30 * 86_400), reserve: Duration = .seconds(7200),
        foreign: ForeignDrive = .refuse, second: SecondDrive = .wait, maximumSize: Int64? = nil,
        protection: FootageProtection? = nil
    ) {
        self.share = share
        self.retention = retention
        self.reserve = reserve
        self.foreign = foreign
        self.second = second
        self.maximumSize = maximumSize
        self.protection = protection
    }
}

/// `storage.protect:` footage around events goes neither for its age nor, as long as there is other footage, for room.
public struct FootageProtection: Hashable, Sendable {
    public var events: [EventPattern]
    /// From so long before an event until so long after it.
    public var before: Duration
    public var after: Duration
    /// How long it is protected.
    public var keep: Duration

    public init(
        events: [EventPattern], before: Duration = .seconds(300), after: Duration = .seconds(600),
        keep: Duration = .seconds(90 * 86_400)
    ) {
        self.events = events
        self.before = before
        self.after = after
        self.keep = keep
    }
}

/// `logs:` the unit as syslog server of its router and cameras.
public struct LogsConfiguration: Hashable, Sendable {
    public var retention: Duration
    /// Upper bound of the log file in bytes; the oldest lines go first.
    public var maximumSize: Int64
    /// Lines per second that one source may send for long; more is counted and dropped.
    public var rate: Int
    /// How long lines may wait in memory, so that the card is written once for many: what a power cut may cost.
    public var window: Duration
    /// A central syslog server (`tls://`) that gets a copy.
    public var forward: ServiceURL?

    public init(
        retention: Duration = .seconds(30 * 86_400), maximumSize: Int64 = 1_000_000_000, rate: Int = 1000,
        window: Duration = .seconds(60), forward: ServiceURL? = nil
    ) {
        self.retention = retention
        self.maximumSize = maximumSize
        self.rate = rate
        self.window = window
        self.forward = forward
    }
}

/// `web:` the unit's pages and API.
public struct WebConfiguration: Hashable, Sendable {
    /// Empty: what the service manager hands over, or the command line says.
    public var listen: [SocketAddress]
    /// Where the site's own network comes in: there nobody is asked for a password again.
    ///
    /// The firewall lets no other in.
    public var lan: [SocketAddress]
    /// Names under which the unit is opened, for its certificate.
    public var names: [String]

    public init(listen: [SocketAddress] = [], lan: [SocketAddress] = [], names: [String] = []) {
        self.listen = listen
        self.lan = lan
        self.names = names
    }
}

/// `clock:` where the time comes from.
public struct ClockConfiguration: Hashable, Sendable {
    /// A clock that runs while the unit is off.
    public enum HardwareClock: String, Hashable, Sendable, CaseIterable {
        case none
        /// At 0x68 of bus 1.
        case ds3231
    }

    /// A source of time on the network.
    public enum Source: Hashable, Sendable {
        /// `network.router`.
        case router
        case host(String)
    }

    public var rtc: HardwareClock
    public var ntp: [Source]

    public init(rtc: HardwareClock = .none, ntp: [Source] = []) {
        self.rtc = rtc
        self.ntp = ntp
    }
}

/// `uplink:` the fleet's broker.
public struct UplinkConfiguration: Hashable, Sendable {
    /// `mqtts://host[:port]`; TLS with the unit's certificate.
    public var broker: ServiceURL
    /// How often readings are sent.
    public var every: Duration
    /// How long what could not be sent is kept.
    public var backlog: Duration

    public init(broker: ServiceURL, every: Duration = .seconds(60), backlog: Duration = .seconds(30 * 86_400)) {
        self.broker = broker
        self.every = every
        self.backlog = backlog
    }
}
