import Diagnose
import Logging
import Platform
import ServiceLifecycle
import Site
import Store

/// The running unit looks at itself every few minutes: events for what it finds, and a memory of its neighbours.
///
/// Sensors and databases are watched by those who read and write them; here come the machine, its network and services.
struct DiagnosisService: Service {
    let subject: Subject
    /// How often.
    var interval = Duration.seconds(300)
    /// After the start: services come up, and cameras take their time.
    var delay = Duration.seconds(60)
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let report: @Sendable (Event) async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var watch = TroubleWatch()
            var pause = delay
            while (try? await Task.sleep(for: pause)) != nil {
                pause = interval
                await look(&watch)
            }
        }
    }

    private func look(_ watch: inout TroubleWatch) async {
        do {
            let (document, neighbours) = try await Diagnosis(of: subject, selection: .background)
                .runWithNeighbours(version: Build.version)
            for change in watch.observe(document) { await report(change.event(at: now())) }
            guard let neighbours, now().isTrusted else { return }
            var book = StationBook(in: subject.root, state: subject.state)
            if book.note(neighbours, now: KernelClock.wall()) { try book.write() }
        } catch {
            logger.warning("the unit cannot look at itself", metadata: ["error": "\(error)"])
        }
    }
}
