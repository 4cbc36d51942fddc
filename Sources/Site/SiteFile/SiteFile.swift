/// The whole site file (`/etc/picli/site.yaml`): one value, decoded and validated as a whole.
public struct SiteFile: Hashable, Sendable {
    public var site: SiteDescription
    public var network: NetworkConfiguration
    public var sensors: [SensorConfiguration]
    public var relays: [RelayConfiguration]
    public var inputs: [InputConfiguration]
    /// nil: the unit keeps no footage.
    public var storage: StorageConfiguration?
    public var alerts: [AlertRule]
    public var notify: [NotificationGroup]
    public var mail: MailConfiguration?
    /// nil: nothing is sent anywhere.
    public var uplink: UplinkConfiguration?
    public var compatibility: CompatibilityConfiguration
    public var history: HistoryConfiguration
    public var logs: LogsConfiguration
    public var board: BoardConfiguration
    public var clock: ClockConfiguration
    public var web: WebConfiguration

    public init(
        site: SiteDescription, network: NetworkConfiguration = .init(), sensors: [SensorConfiguration] = [],
        relays: [RelayConfiguration] = [], inputs: [InputConfiguration] = [], storage: StorageConfiguration? = nil,
        alerts: [AlertRule] = [],
        notify: [NotificationGroup] = [], mail: MailConfiguration? = nil, uplink: UplinkConfiguration? = nil,
        compatibility: CompatibilityConfiguration = .init(), history: HistoryConfiguration = .init(),
        logs: LogsConfiguration = .init(), board: BoardConfiguration = .init(), clock: ClockConfiguration = .init(),
        web: WebConfiguration = .init()
    ) {
        self.site = site
        self.network = network
        self.sensors = sensors
        self.relays = relays
        self.inputs = inputs
        self.storage = storage
        self.alerts = alerts
        self.notify = notify
        self.mail = mail
        self.uplink = uplink
        self.compatibility = compatibility
        self.history = history
        self.logs = logs
        self.board = board
        self.clock = clock
        self.web = web
    }
}

/// `site:` who and where the unit is.
public struct SiteDescription: Hashable, Sendable {
    public var name: String
    public var customer: String?
    /// The stay at one place that rows are bound to, so that a unit that moves keeps its histories apart.
    public var deployment: String?
    /// IANA name, for example `America/Denver`; UTC when not given.
    public var timezone: String
    /// Degrees, north and east positive; for sunrise and sunset.
    public var latitude: Double?
    public var longitude: Double?
    /// Days on which the `holidays` lines of schedules hold.
    public var holidays: [DateRange]

    public init(
        name: String, customer: String? = nil, deployment: String? = nil, timezone: String = "UTC",
        latitude: Double? = nil, longitude: Double? = nil, holidays: [DateRange] = []
    ) {
        self.name = name
        self.customer = customer
        self.deployment = deployment
        self.timezone = timezone
        self.latitude = latitude
        self.longitude = longitude
        self.holidays = holidays
    }
}

/// `history:` how samples are kept.
public struct HistoryConfiguration: Hashable, Sendable {
    /// Samples wait at most so long before they are committed: what a power cut may cost.
    public var window: Duration
    /// How long each resolution is kept; nil for ever.
    public var keepRaw: Duration?
    public var keepMinutes: Duration?
    public var keepHours: Duration?
    /// Upper bound of the history file in bytes; the oldest raw samples go first.
    public var maximumSize: Int64

    public init(
        window: Duration = .seconds(60), keepRaw: Duration? = .seconds(30 * 86_400),
        keepMinutes: Duration? = .seconds(365 * 86_400), keepHours: Duration? = nil,
        maximumSize: Int64 = 2_000_000_000
    ) {
        self.window = window
        self.keepRaw = keepRaw
        self.keepMinutes = keepMinutes
        self.keepHours = keepHours
        self.maximumSize = maximumSize
    }
}

/// `board:` the computer itself.
public struct BoardConfiguration: Hashable, Sendable {
    /// How often the board's own figures are read.
    public var interval: Duration

    /// The GPIO line that carries 1-Wire, by its BCM number.
    public var oneWireLine: Int
    /// Clock of I2C bus 1 in hertz.
    public var i2cBaudRate: Int

    public init(interval: Duration = .seconds(10), oneWireLine: Int = 4, i2cBaudRate: Int = 100_000) {
        self.interval = interval
        self.oneWireLine = oneWireLine
        self.i2cBaudRate = i2cBaudRate
    }
}
