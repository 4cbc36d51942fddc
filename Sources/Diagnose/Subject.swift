public import Hardware
public import Platform
public import Relays
public import Site
public import Store

/// The unit that is looked at, and the ways to look at it.
public struct Subject: Sendable {
    /// How a running unit stands towards whoever asks.
    public enum Standing: Hashable, Sendable {
        /// It answers; the version that runs, and whether it senses a simulation.
        case running(version: String, isSimulated: Bool)
        case stopped
        /// It is there and does not answer.
        case silent(String)
        /// This user may not ask it.
        case denied(String)
    }

    /// Where an installed unit has its site file.
    public static let installedSite = "/etc/picli/site.yaml"

    /// `/`, or a mounted card.
    public var root: SystemRoot
    /// The state directory, as the root's own system names it.
    public var state: String
    /// Whether this is the installed unit of the system, with its services.
    public var isInstalled: Bool
    /// The site file, or why there is none.
    public var site: Result<SiteFile, Failure>
    /// As it is named on the command line.
    public var siteName = Subject.installedSite
    public var standing: Standing
    /// Where readings and events are read; nil when there is neither a running unit nor its files.
    public var readings: (any ReadingSource)?
    public var logs: (any LogArchive)?
    /// The owner of the relays' lines; nil where there is none to ask.
    public var relays: (any RelayDoor)?
    public var commands: any CommandRunner
    public var buses: Buses
    /// Reads sensors from their buses now.
    public var readSensors: @Sendable ([SensorConfiguration]) async -> [Reading]
    /// A time that is past for sure: a clock before it was never set.
    public var earliest: Int64
    /// The version of this program.
    public var version: String
    /// Whether this may look at everything.
    public var isPrivileged: Bool
    public var clock: ContinuousClock
    /// How much longer than usual everything may take: 1 is the ten seconds of a Raspberry Pi.
    public var patience = 1.0
    /// When somebody began to wait for the answer; nil: when it is looked at.
    public var began: ContinuousClock.Instant?

    public init(
        root: SystemRoot, state: String, isInstalled: Bool, site: Result<SiteFile, Failure>, standing: Standing,
        readings: (any ReadingSource)?, logs: (any LogArchive)?, commands: any CommandRunner = LinuxCommandRunner(),
        buses: Buses = .linux(), readSensors: @escaping @Sendable ([SensorConfiguration]) async -> [Reading],
        earliest: Int64, version: String, isPrivileged: Bool, clock: ContinuousClock = ContinuousClock()
    ) {
        self.root = root
        self.state = state
        self.isInstalled = isInstalled
        self.site = site
        self.standing = standing
        self.readings = readings
        self.logs = logs
        self.commands = commands
        self.buses = buses
        self.readSensors = readSensors
        self.earliest = earliest
        self.version = version
        self.isPrivileged = isPrivileged
        self.clock = clock
    }

    var isSimulated: Bool {
        if case .running(_, true) = standing { true } else { false }
    }
}
