import Appliance
import FoundationEssentials
import Hardware
import Logging
import Platform
import Relays
import ServiceLifecycle
import Site
import Store

/// The relays and inputs of a unit: where their lines are, and who owns them.
struct UnitRelays {
    /// Where the owner of the lines answers on an installed unit.
    static let installedSocket = "/run/picli-relays/relays.sock"

    let desk: RelayDesk
    private let site: SiteFile
    /// nil for a site without relays.
    let owner: (any RelayDoor)?
    /// The owner in this process, on lines of the simulation.
    private let simulated: SimulatedRelays?
    private let lines: any Lines
    /// That of the edges of `lines`.
    private let edgeClock: @Sendable () -> Duration

    /// - Parameters:
    ///   - state: The unit's state directory.
    ///   - socket: Of the owner, unless all is simulated.
    init(
        _ site: SiteFile, state: String, socket: String, isSimulated: Bool, journal: Journal,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.site = site
        if isSimulated {
            let time = SimulatedClock.running(from: 0)
            let lines = SimulatedLines.simulated(for: site.inputs, clock: time)
            self.lines = lines
            edgeClock = time.elapsed
            simulated =
                site.relays.isEmpty
                ? nil
                : SimulatedRelays(
                    site, lines: lines, buses: .simulated(Self.expanders(site), clock: time), directory: state,
                    boot: (try? KernelClock.bootID()) ?? UUID().uuidString, report: { _ in })
            owner = simulated?.owner
        } else {
            lines = LinuxLines()
            edgeClock = KernelClock.monotonic
            simulated = nil
            owner = site.relays.isEmpty ? nil : RelaySocketClient(path: socket)
        }
        desk = RelayDesk(
            site.relays, owner: owner, audit: { try await journal.write([], audit: $0) },
            version: isSimulated ? nil : Build.version, now: now, logger: logger)
    }

    private static func expanders(_ site: SiteFile) -> [SimulatedDevice] {
        let places = site.relays.compactMap { if case .expander(let pin) = $0.output { pin.location } else { nil } }
        return Set(places).map { .mcp23017(bus: $0.bus, address: $0.address) }
    }

    /// - Parameters:
    ///   - state: Where counters of inputs are kept.
    ///   - batches: A new reader's view of all readings.
    ///   - publish: Takes a batch for live readers and for keeping.
    func services(
        _ store: Store, events: EventRecorder, state: String, now: @escaping @Sendable () -> Timestamp, logger: Logger,
        batches: @escaping @Sendable () -> AsyncStream<ReadingBatch>,
        publish: @escaping @Sendable (ReadingBatch) async -> Void
    ) -> [any Service] {
        let isSimulated = simulated != nil
        var services: [any Service] = simulated.map { [$0] } ?? []
        if let owner {
            let pinger: any Pinger =
                isSimulated
                ? SimulatedPinger(
                    site, statuses: { [desk] in await desk.document.relays.compactMap(\.status) }, now: { now().wall })
                : NetworkPinger(interface: site.network.interface)
            services.append(
                RelayService(
                    desk, owner: owner, pinger: pinger, isSimulated: isSimulated, journal: store.journal,
                    events: events, logger: logger, now: now, batches: batches, publish: publish))
        }
        if !site.inputs.isEmpty {
            services.append(
                InputService(
                    site.inputs, lines: lines, isSimulated: lines is SimulatedLines, directory: state, logger: logger,
                    now: now, edgeClock: edgeClock, publish: publish))
        }
        return services
    }
}
