import Appliance
import FoundationEssentials
import Hardware
import Logging
import Platform
import ServiceLifecycle
import Site
import Store
import UnixSignals
import Web

/// `picli serve`: makes every service by hand, in the order in which they need each other, and runs them.
struct Daemon {
    let site: String
    let state: StateOptions
    let listen: [ListenAddress]
    let relaySocket: String
    let snmpSocket: String?
    let isSimulated: Bool

    /// Everything that can be refused is refused before a file of the unit is touched.
    func run() async throws {
        let file = try readSite()
        let environment = ProcessInfo.processInfo.environment
        let logger = Logger(label: "picli") { _ in ServiceLog(environment: environment) }
        let activated = try ActivatedSocket.inherited(environment: environment)
        let web = try sockets(file, activated, logger)
        let foreign = foreignSockets(file, logger)
        let lock = try StateDirectory.take(state.directory)
        let control = try control(logger)
        let unit = await Unit.open(
            file, state: state.directory, relaySocket: relaySocket, isSimulated: isSimulated, logger: logger)
        let door = await WebDoor(
            file, state: state.directory, isOpen: (web + foreign).contains(where: \.isSecure),
            journal: unit.store.journal,
            now: { [clock = unit.clock] in clock.now() }, logger: logger)
        let services = unit.services(
            sockets: web + control, foreign: foreign, door: door, modbus: ModbusDoor.listener(file, activated, logger),
            snmp: snmpSocket,
            notifier: ServiceNotifier(environment: environment))
        try await run(services, logger: logger)
        withExtendedLifetime(lock) {}
    }

    /// What systemd opened, what the command line says, and what the site file says.
    ///
    /// An address of the site file that cannot be opened is told, and no reason not to sense.
    private func sockets(
        _ file: SiteFile, _ activated: [ActivatedSocket], _ logger: Logger
    ) throws -> [ListeningSocket] {
        let inherited = try activated.filter { $0.name != ModbusDoor.socketName }
            .map { try ListeningSocket.inherited($0.descriptor) }
        let named = try listen.map { address throws(Failure) in try ListeningSocket.internet(address) }
        let taken = (inherited + named).compactMap(\.port)
        let fromSite =
            file.web.listen.filter { !taken.contains(UInt16($0.port)) }.compactMap {
                socket($0, key: "listen", isLAN: false, logger)
            } + file.web.lan.compactMap { socket($0, key: "lan", isLAN: true, logger) }
        return inherited + named + fromSite
    }

    private func socket(
        _ address: SocketAddress, key: String, isLAN: Bool, _ logger: Logger
    ) -> ListeningSocket? {
        do {
            let isSecure = isLAN || !address.address.isLoopback
            return try ListeningSocket.internet(
                ListenAddress(isSecure ? "https://\(address)" : "\(address)"), isLAN: isLAN, mayComeLater: true)
        } catch {
            logger.error("web.\(key) of the site file: \(error)", metadata: ["address": "\(address)"])
            return nil
        }
    }

    /// Where clients of other products come in; a port that cannot be opened is no reason not to sense.
    private func foreignSockets(_ file: SiteFile, _ logger: Logger) -> [ListeningSocket] {
        guard let configuration = file.compatibility.controlByWeb else { return [] }
        do throws(Failure) {
            return [
                try ListeningSocket.foreign(
                    port: UInt16(clamping: configuration.port), clients: configuration.allow.map { "\($0.address)" },
                    isSecure: configuration.isSecure)
            ]
        } catch {
            logger.error("compatibility.controlbyweb of the site file: \(error.message)")
            return []
        }
    }

    /// Where the command line asks; a disk that takes no file is no reason not to sense.
    private func control(_ logger: Logger) throws -> [ListeningSocket] {
        do throws(Failure) {
            return [try ListeningSocket.control(path: state.socket)]
        } catch {
            guard error.code == "control.read_only" else { throw error }
            logger.error("\(error.message) The command line reads the unit's files instead.")
            return []
        }
    }

    private func readSite() throws -> SiteFile {
        let check = SiteFileCheck(try InputText(site))
        let console = Console(.text, environment: ProcessInfo.processInfo.environment)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        return try check.requireValid()
    }

    /// The first service that ends, ends all: systemd starts the unit again.
    ///
    /// Both budgets are below `TimeoutStopSec` of the unit; the second one ends the process by a trap, which is a report of
    /// a service that does not listen to its cancellation. Each is named, because the group's own way to a name describes the
    /// whole of a service, which is a sixth of the start.
    private func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, serviceName: "\(type(of: $0))") },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet(logger))
        configuration.maximumGracefulShutdownDuration = .seconds(8)
        configuration.maximumCancellationDuration = .seconds(4)
        try await ServiceGroup(configuration: configuration).run()
        logger.info("stopped")
    }

    /// The group's own steps are for its developers.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = .warning
        return logger
    }
}
