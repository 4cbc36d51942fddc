import Foundation
import Glibc
import Hardware
import Logging
import Platform
import Relays
import Site
import Synchronization
import UnixSignals

/// `picli relay run`: the process that owns the lines, and nothing else: no database, no network.
struct RelayProcess {
    let site: String
    let state: String
    let runtime: String
    private let admission = Admission()

    init(site: String, state: String, runtime: String) {
        self.site = site
        self.state = state
        self.runtime = runtime
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        // First, while the numbers are theirs.
        let kept = InheritedDescriptor.all(environment: environment)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let log = RelayLog(environment: environment)
        keepInMemory(log.logger)
        let isService = environment["NOTIFY_SOCKET"] != nil
        // In memory: no card is waited for. systemd runs one at a time; one that it killed and that the kernel still holds
        // for a card that hangs must not keep the next one from the lines.
        let lock = isService ? try? StateDirectory.take(runtime) : try StateDirectory.take(runtime)
        let owner = owner(environment) { log.say($0) }
        // Whoever starts after this finds it listening.
        let server = listen(for: owner, log.logger, isService)
        await owner.start(kept: kept)
        admission.look()
        await serve(owner, by: server, until: signals, log.logger, isService)
        await owner.stop()
        await log.finish()
        withExtendedLifetime(lock) {}
    }

    private func owner(_ environment: [String: String], report: @escaping @Sendable (Event) -> Void) -> RelayOwner {
        RelayOwner(
            .init(
                site: .file(site, keptIn: [runtime, state]), lines: LinuxLines(), buses: .linux(),
                // The same program, also when an upgrade has put another one in its place.
                record: .apart(state, program: "/proc/self/exe"),
                state: OwnerStateFile(directory: runtime), notifier: ServiceNotifier(environment: environment),
                boot: (try? KernelClock.bootID()) ?? "unknown", version: Build.version, report: report))
    }

    /// Pages that it has touched are not read from the card again (mlockall(2); MCL_ONFAULT is 4 on all machines).
    private func keepInMemory(_ logger: Logger) {
        guard mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE) | 4) != 0 else { return }
        logger.info("its memory may be written out: \(SystemError(errno, "lock it"))")
    }

    /// nil when that cannot be; what cannot be answered is no reason to drop a line.
    private func listen(for owner: RelayOwner, _ logger: Logger, _ replaces: Bool) -> RelaySocketServer? {
        do {
            return try RelaySocketServer(path: "\(runtime)/relays.sock", replaces: replaces, door: owner) {
                admission.admits($0.user)
            }
        } catch {
            logger.error("nobody can ask the relays: \(error)")
            return nil
        }
    }

    /// Answers until a signal ends it.
    private func serve(
        _ owner: RelayOwner, by first: RelaySocketServer?, until signals: UnixSignalsSequence, _ logger: Logger,
        _ isService: Bool
    ) async {
        await withTaskGroup { group in
            group.addTask {
                var server = first
                while !Task.isCancelled {
                    if let server {
                        await withTaskCancellationHandler {
                            await server.run()
                        } onCancel: {
                            server.stop()
                        }
                    }
                    try? await Task.sleep(for: .seconds(5))
                    server = Task.isCancelled ? nil : listen(for: owner, logger, isService)
                }
            }
            for await signal in signals {
                guard signal == .sighup else { break }
                // What is wrong with it, the owner reports.
                try? await owner.reload()
            }
            group.cancelAll()
        }
    }
}

/// Who may ask the owner: root, the unit's service, and whoever runs this.
private final class Admission: Sendable {
    /// The service's user, once it is known.
    private let service = Mutex<UInt32?>(nil)
    private let accounts = Blocking(name: "accounts") {}

    /// Whether this user may come in; one who knocks before that is known knocks again.
    func admits(_ user: UInt32) -> Bool {
        guard user != 0, user != getuid() else { return true }
        if let service = service.withLock({ $0 }) { return user == service }
        look()
        return false
    }

    /// Apart from whoever asks: the list of users lies on the card.
    func look() {
        Task {
            let user = try? await accounts.run(within: .seconds(5)) { _ in
                try AccountNames(of: SystemRoot("/")).users["picli"]
            }
            if let user { service.withLock { $0 = user } }
        }
    }
}
