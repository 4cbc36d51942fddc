import Appliance
import Diagnose
import FoundationEssentials
import Hardware
import Logging
import Platform
import Provision
import ServiceLifecycle
import Site
import Store
import Web

/// The parts of a running unit, and how they hang together: hardware → readings → store → readers.
struct Unit {
    let site: SiteFile
    /// Its state directory.
    let state: String
    let isSimulated: Bool
    let logger: Logger
    let store: Store
    let clock: UnitClock
    let events: EventRecorder
    /// What the store tells of itself, whether or not it can be stored.
    let storeEvents: Broadcast<Event>
    let logs: LogIntake
    let latestDiagnosis = LatestDiagnosis()
    let relays: UnitRelays
    /// nil where no footage is kept.
    let footage: FootageParts?

    private let waiting = ContinuousClock()

    /// Opens the store, whatever state its files are in, and learns from it which boot this is.
    ///
    /// - Parameter relaySocket: Where the owner of the relays answers.
    static func open(
        _ site: SiteFile, state: String, relaySocket: String = UnitRelays.installedSocket, isSimulated: Bool,
        logger: Logger
    ) async -> Unit {
        let start = Timestamp(
            wall: KernelClock.wall(), boot: Timestamp.unknownBoot, monotonic: KernelClock.sinceBoot(), isTrusted: false)
        let storeEvents = Broadcast<Event>()
        let identity = StateIdentity(state: state, logger: logger)
        let store = await Store.open(
            .init(
                directory: state, history: site.history, deployment: site.site.deployment,
                databaseIDs: identity.databaseIDs),
            // Without an ID of the kernel every start counts as a boot of its own.
            kernelBoot: (try? KernelClock.bootID()) ?? UUID().uuidString, now: start
        ) { event in
            logger.log(event)
            storeEvents.publish(event)
        }
        let clock = UnitClock(boot: store.boot ?? 1, buildDate: BuildStamp.date * 1000)
        let events = EventRecorder(journal: store.journal, logger: logger)
        let logs = LogIntake(
            .init(directory: LogSpool.prepared(forState: state), logs: site.logs, names: site.network.logSenders),
            store: store.logs, now: { clock.now() }, logger: logger, report: { await events.record($0) })
        let relays = UnitRelays(
            site, state: state, socket: relaySocket, isSimulated: isSimulated, journal: store.journal,
            now: { clock.now() }, logger: logger)
        let footage = FootageParts.make(
            site, unit: identity.unit, state: state, isSimulated: isSimulated, journal: store.journal, events: events,
            now: { clock.now() }, logger: logger)
        return Unit(
            site: site, state: state, isSimulated: isSimulated, logger: logger, store: store, clock: clock,
            events: events, storeEvents: storeEvents, logs: logs, relays: relays, footage: footage)
    }

    /// In the order in which they start; they stop in the opposite one.
    ///
    /// - Parameters:
    ///   - foreign: Where clients of other products come in.
    ///   - modbus: Where those of Modbus/TCP do.
    ///   - snmp: The socket of the SNMP agent; nil: none is asked for.
    func services(
        sockets: [ListeningSocket], foreign: [ListeningSocket] = [], door: WebDoor, modbus: ModbusListener? = nil,
        snmp: String? = nil, notifier: ServiceNotifier?
    ) -> [any Service] {
        let collectors = collectors()
        let simulated: [any Service] =
            isSimulated
            ? [
                SimulatedSenders(
                    site.network.logSenders, directory: logs.directory, clock: waiting, now: { clock.now() })
            ] : []
        let footage: [any Service] = footage.map { [$0.service] } ?? []
        let rest = diagnosis() + simulated + footage
        let broadcast = ReadingBroadcast()
        let collecting = CollectorService(
            collectors, clock: waiting, now: { clock.now() }, broadcast: broadcast, logger: logger,
            sink: { await store.history.append($0) }, report: { await events.record($0) })
        let switching = relays.services(
            store, events: events, state: state, now: { clock.now() }, logger: logger,
            batches: { broadcast.subscribe(buffer: 1024) }, publish: { collecting.take($0) })
        let box = controlByWeb(readings: collecting)
        let others = served(modbus, box?.registers) + managed(snmp) { broadcast.subscribe(buffer: 1024) }
        return [
            StoreService(
                store, events: events, logs: site.logs, clock: waiting, now: { clock.now() }, logger: logger),
            ClockWatch(clock, clock: waiting, correct: correct, report: { await events.record($0) }),
            collecting,
        ] + switching + [
            LogService(logs, clock: waiting),
            HTTPServer(
                sockets: sockets, routes: routes(live: collecting, accounts: door.accounts), accounts: door.accounts,
                certificate: door.certificate, now: { KernelClock.wall() }, logger: logger),
            Watchdog(
                notifier: notifier, progress: collecting.progress,
                shortest: collectors.map(\.interval).min() ?? site.board.interval, clock: waiting, logger: logger),
            ColdPageRelease(progress: collecting.progress, clock: waiting),
        ] + compatibility(box, foreign, door) + others + rest
    }

    /// Modbus/TCP.
    private func served(_ modbus: ModbusListener?, _ registers: ModbusRegisters?) -> [any Service] {
        guard let modbus, let configuration = site.compatibility.modbus else { return [] }
        return [
            ModbusService(
                configuration, of: site, listener: modbus, relays: relays.desk, registers: registers,
                latest: { try await store.latest() }, now: { clock.now() }, logger: logger)
        ]
    }

    /// Network management.
    private func managed(
        _ socket: String?, _ batches: @escaping @Sendable () -> AsyncStream<ReadingBatch>
    ) -> [any Service] {
        guard let socket, let snmp = site.compatibility.snmp else { return [] }
        return [
            SNMPService(
                path: socket, site: site, version: Build.version, mayWrite: snmp.mayWrite, relays: relays.desk,
                latest: { try await store.latest() }, batches: batches,
                events: { events.broadcast.subscribe(buffer: 1024) },
                now: { clock.now() }, logger: logger)
        ]
    }

    // MARK: Writers

    /// The sensors of the site file, on the machine's buses or on simulated ones, and the board, which is always real.
    private func collectors() -> [any Collector] {
        let buses: Buses =
            isSimulated
            ? .simulated(
                for: site.sensors, at: site.site, clock: .running(from: Double(KernelClock.wall()) / 1000)) : .linux()
        let footage = footage?.collectors { await events.record($0) } ?? []
        return sensorCollectors(for: site.sensors, on: buses) + [BoardCollector(Board(), interval: site.board.interval)]
            + footage
    }

    /// The unit looks at itself, at as much of it as there is: of one that is tried out or simulated, the machine.
    private func diagnosis() -> [any Service] {
        guard let root = try? SystemRoot() else { return [] }
        var subject = Subject(
            root: root, state: state, isInstalled: !isSimulated && state == StateOptions.installed.directory,
            site: .success(site), standing: .running(version: Build.version, isSimulated: isSimulated), readings: store,
            logs: logs,
            readSensors: { _ in [] }, earliest: BuildStamp.date * 1000, version: Build.version, isPrivileged: false)
        subject.relays = relays.owner
        return [
            DiagnosisService(
                subject: subject, latest: latestDiagnosis, now: { clock.now() }, logger: logger,
                report: { await events.record($0) })
        ]
    }

    /// The unit as a ControlByWeb box; nil where the site file does not ask for it.
    private func controlByWeb(readings: CollectorService<ContinuousClock>) -> ControlByWebService? {
        site.compatibility.controlByWeb.map { configuration in
            ControlByWebService(
                site, configuration, relays: relays.desk, source: store, directory: state,
                serial: NetworkInterface.address(of: site.network.interface), isSimulated: isSimulated,
                now: { clock.now() }, logger: logger, batches: { readings.broadcast.subscribe(buffer: 1024) },
                publish: { readings.take($0) })
        }
    }

    /// What speaks the languages of other products.
    private func compatibility(
        _ service: ControlByWebService?, _ sockets: [ListeningSocket], _ door: WebDoor
    ) -> [any Service] {
        guard let service, let configuration = site.compatibility.controlByWeb else { return [] }
        // A server without a socket would end at once, and with it the unit.
        guard !sockets.isEmpty else { return [service] }
        let clients = ControlByWebClients(configuration, logger: logger)
        let listed = ForeignDoor(
            accounts: configuration.auth == .token ? door.accounts : nil, names: site.web.names + ["picli.local"],
            admits: { clients.admits($0) },
            answer: { await service.answer($0, $1) })
        return [
            service,
            HTTPServer(
                sockets: sockets, door: listed, certificate: door.certificate, now: { KernelClock.wall() },
                logger: logger),
        ]
    }

    private func correct(_ correction: ClockCorrection) async {
        do {
            try await store.clockWasSet(boot: correction.boot, offset: correction.offset, at: clock.now())
        } catch {
            logger.error("earlier rows keep their wrong time", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Readers

    /// What `/healthz` says when the unit does not do its work.
    private func reasonUnwell(_ progress: CollectionProgress) -> String? {
        guard let last = progress.snapshot.lastStored else { return "No reading has been stored yet." }
        let age = KernelClock.sinceBoot() - last.monotonic
        let most = 2 * site.board.interval.components.seconds * 1000 + 60_000
        return age > most ? "No reading has been stored for \(age / 1000) s." : nil
    }

    /// How the store stands, with what the services could not store either.
    private func condition() async -> StoreCondition {
        var condition = await store.condition(now: clock.now())
        condition.waiting = (condition.waiting + (await events.waiting)).sorted { $0.time.wall < $1.time.wall }
        return condition
    }

    /// Everything that is answered, and to whom.
    func routes(live: CollectorService<ContinuousClock>, accounts: Accounts) -> Routes {
        let routes = Routes()
        let streams = EventStreams()
        let feed = LiveFeed(
            readings: { live.broadcast.subscribe() }, events: { events.broadcast.subscribe() },
            storeEvents: { storeEvents.subscribe() }, relays: { relays.desk.broadcast.subscribe(buffer: 4) },
            standing: { await site.relays.isEmpty ? nil : relays.desk.document })
        APIRoutes(
            source: store, site: site, isSimulated: isSimulated, condition: condition,
            health: { reasonUnwell(live.progress) }
        ).add(to: routes)
        MetricsRoutes(
            source: store, logs: logs.figures, site: site, version: Build.version, condition: condition
        ).add(to: routes)
        LiveRoutes(source: store, feed: feed, streams: streams).add(to: routes)
        LogRoutes(
            logs, live: { logs.broadcast.subscribe(buffer: 4) }, streams: streams, names: site.network.logSenders
        ).add(to: routes)
        let pages = Pages(
            source: store, logs: logs, site: site, now: { KernelClock.wall() }, condition: condition,
            asset: { Assets.embedded.url($0) })
        PageRoutes(pages).add(to: routes)
        SupportRoutes(pages) { [latestDiagnosis] in await latestDiagnosis.document }.add(to: routes)
        DoorRoutes(accounts, pages: pages).add(to: routes)
        AccountRoutes(accounts, pages: pages) { [logger] text in
            do {
                let code = try await QRCode(text, runner: LinuxCommandRunner())
                return (code.path, code.side)
            } catch {
                logger.warning("a second factor is shown without its picture", metadata: ["error": "\(error)"])
                return nil
            }
        }.add(to: routes)
        UsersPageRoutes(accounts, pages: pages).add(to: routes)
        UserRoutes(accounts).add(to: routes)
        AuditRoutes(store.journal, pages: pages).add(to: routes)
        RelayRoutes(relays.desk, source: store).add(to: routes)
        RelayPageRoutes(relays.desk, pages: pages).add(to: routes)
        FootageRoutes(footage?.shelf).add(to: routes)
        FootagePageRoutes(footage?.shelf, pages: pages).add(to: routes)
        DescriptionRoute(version: Build.version).add(to: routes)
        return routes
    }
}
