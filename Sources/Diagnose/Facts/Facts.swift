public import Hardware
public import Platform
public import Provision
public import Site

/// All that was seen of a unit at one moment.
///
/// What no check asked for is skipped.
public struct Facts: Sendable {
    /// Wall milliseconds.
    public var now: Int64
    /// A time that is past for sure.
    public var earliest: Int64
    public var version: String
    public var isLive: Bool
    public var isInstalled: Bool
    public var standing: Subject.Standing
    public var site: Fact<SiteFile>
    /// Why the site file cannot be used.
    public var siteFault: Failure?
    /// As it is named on the command line.
    public var siteName = Subject.installedSite
    public var unitName: String?
    /// What could not be looked at, and why.
    public var limits: [String] = []

    public var board: Fact<[BoardFigure]> = .skipped(notAsked)
    public var disks: Fact<DiskFacts> = .skipped(notAsked)
    public var usb: Fact<USBFacts> = .skipped(notAsked)
    public var drive: Fact<DriveFacts> = .skipped(notAsked)
    public var starts: Fact<StartFacts> = .skipped(notAsked)
    public var clock: Fact<ClockFacts> = .skipped(notAsked)
    public var boot: Fact<BootReport> = .skipped(notAsked)
    public var interface: Fact<InterfaceFacts> = .skipped(notAsked)
    public var neighbours: Fact<[NeighbourFacts]> = .skipped(notAsked)
    public var doubles: Fact<[String: [String]]> = .skipped(notAsked)
    public var outside: Fact<[OutsideFacts]> = .skipped(notAsked)
    public var services: Fact<ServiceFacts> = .skipped(notAsked)
    public var relays: Fact<RelayFacts> = .skipped(notAsked)
    public var unit: Fact<UnitFacts> = .skipped(notAsked)
    public var buses: Fact<BusFacts> = .skipped(notAsked)
    public var history: Fact<[SensorHistory]> = .skipped(notAsked)
    public var sockets: Fact<[OpenPort]> = .skipped(notAsked)
    public var agent: Fact<AgentFacts> = .skipped(notAsked)
    public var senders: Fact<LogSourcesDocument> = .skipped(notAsked)
    public var spool: Fact<SpoolFacts> = .skipped(notAsked)
    public var identity: Fact<[IdentityFinding]> = .skipped(notAsked)
    public var modes: Fact<[FileFacts]> = .skipped(notAsked)
    public var databases: Fact<[DatabaseFacts]> = .skipped(notAsked)
    public var broker: Fact<SelfTest.Check> = .skipped(notAsked)
    public var firewall: Fact<FirewallFacts> = .skipped(notAsked)
    public var updates: Fact<UpdateFacts> = .skipped(notAsked)
    public var plugins: Fact<[PluginFacts]> = .skipped(notAsked)

    static let notAsked = "it was not asked for"

    public init(
        now: Int64, earliest: Int64 = 0, version: String = "", isLive: Bool = true, isInstalled: Bool = true,
        standing: Subject.Standing = .stopped, site: Fact<SiteFile>, siteFault: Failure? = nil,
        unitName: String? = nil
    ) {
        self.now = now
        self.earliest = earliest
        self.version = version
        self.isLive = isLive
        self.isInstalled = isInstalled
        self.standing = standing
        self.site = site
        self.siteFault = siteFault
        self.unitName = unitName
    }

    /// The neighbours, each with the station that says now that it has the address.
    ///
    /// The kernel believes for some seconds what it knew before; who was asked anew knows better.
    var seenNeighbours: Fact<[NeighbourFacts]> {
        guard case .known(let all) = neighbours, case .known(let stations) = doubles else { return neighbours }
        return .known(
            all.map { neighbour in
                guard let asked = stations[neighbour.address] else { return neighbour }
                var neighbour = neighbour
                // Of several any is right as long as the one that was known is among them.
                if !asked.contains(where: { $0 == neighbour.station }) { neighbour.station = asked.first }
                return neighbour
            })
    }

    var isSimulated: Bool {
        if case .running(_, true) = standing { true } else { false }
    }
}
