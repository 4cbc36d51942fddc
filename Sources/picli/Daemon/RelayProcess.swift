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
        // In memory: no card is waited for.
        let lock = try StateDirectory.take(runtime)
        let owner = RelayOwner(
            .init(
                site: .file(site, keptIn: [runtime, state]), lines: LinuxLines(), buses: .linux(), directory: state,
                state: OwnerStateFile(directory: runtime), notifier: ServiceNotifier(environment: environment),
                boot: (try? KernelClock.bootID()) ?? "unknown", report: { logger.log($0) }))
        await owner.start(kept: kept)
        try await serve(owner, until: signals, logger)
        await owner.stop()
        withExtendedLifetime(lock) {}
    }

    /// Answers until a signal ends it; what cannot be answered is no reason to drop a line.
    private func serve(_ owner: RelayOwner, until signals: UnixSignalsSequence, _ logger: Logger) async throws {
        let admitted = admitted()
        await withTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    do {
                        let server = try RelaySocketServer(path: "\(runtime)/relays.sock", door: owner) {
                            admitted.contains($0.user)
                        }
                        await withTaskCancellationHandler { await server.run() } onCancel: { server.stop() }
                    } catch {
                        logger.error("nobody can ask the relays: \(error)")
                        try? await Task.sleep(for: .seconds(5))
                    }
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
