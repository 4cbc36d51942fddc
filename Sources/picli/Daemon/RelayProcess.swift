import Appliance
import Foundation
import Glibc
import Hardware
import Logging
import Platform
import Relays
import Site
import UnixSignals

/// `picli relay run`: the process that owns the lines, and nothing else: no database, no network.
struct RelayProcess {
    let site: String
    let state: String
    let runtime: String

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        // First, while the numbers are theirs.
        let kept = InheritedDescriptor.all(environment: environment)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let logger = Logger(label: "picli") { _ in ServiceLog(environment: environment) }
        keepInMemory(logger)
        // In memory: no card is waited for.
        let lock = try StateDirectory.take(runtime)
        let owner = RelayOwner(
            .init(
                site: .file(site, keptIn: [runtime, state]), lines: LinuxLines(), buses: .linux(),
                // The same program, also when an upgrade has put another one in its place.
                record: .apart(state, program: "/proc/self/exe"),
                state: OwnerStateFile(directory: runtime), notifier: ServiceNotifier(environment: environment),
                boot: (try? KernelClock.bootID()) ?? "unknown", report: { logger.log($0) }))
        // Whoever starts after this finds it listening.
        let server = listen(for: owner, logger)
        await owner.start(kept: kept)
        await serve(owner, by: server, until: signals, logger)
        await owner.stop()
        withExtendedLifetime(lock) {}
    }

    /// Pages that it has touched are not read from the card again (mlockall(2); MCL_ONFAULT is 4 on all machines).
    private func keepInMemory(_ logger: Logger) {
        guard mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE) | 4) != 0 else { return }
        logger.info("its memory may be written out: \(SystemError(errno, "lock it"))")
    }

    /// nil when that cannot be; what cannot be answered is no reason to drop a line.
    private func listen(for owner: RelayOwner, _ logger: Logger) -> RelaySocketServer? {
        let admitted = admitted()
        do {
            return try RelaySocketServer(path: "\(runtime)/relays.sock", door: owner) { admitted.contains($0.user) }
        } catch {
            logger.error("nobody can ask the relays: \(error)")
            return nil
        }
    }

    /// Answers until a signal ends it.
    private func serve(
        _ owner: RelayOwner, by first: RelaySocketServer?, until signals: UnixSignalsSequence, _ logger: Logger
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
                    server = Task.isCancelled ? nil : listen(for: owner, logger)
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

    /// Root, the unit's service, and whoever runs this.
    private func admitted() -> Set<UInt32> {
        let names = try? AccountNames(of: SystemRoot("/"))
        return Set([0, getuid()] + [names?.users["picli"]].compactMap { $0 })
    }
}
