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
    /// After the start, while services come up.
    ///
    /// What is found then is told only when it is found a second time.
    var delay = Duration.seconds(20)
    let latest: LatestDiagnosis
    /// Milliseconds: what was found longer ago is told again.
    private static let memory: Int64 = 7 * 86_400_000
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let report: @Sendable (Event) async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let earlier = try? await subject.readings?.events(
                EventQuery(from: KernelClock.wall() - Self.memory, atLeast: .notice, limit: 1000))
            var watch = TroubleWatch(after: (earlier ?? []).map(\.event))
            var pause = delay
            while (try? await Task.sleep(for: pause)) != nil {
                pause = interval
                await look(&watch)
            }
        }
    }

    private func look(_ watch: inout TroubleWatch) async {
        do {
            let seen = try await Diagnosis(of: subject, selection: .background).look(version: Build.version)
            let (document, neighbours) = (seen.document, seen.neighbours)
            await latest.take(document)
            for change in watch.observe(document) { await report(change.event(at: now())) }
            guard let neighbours, now().isTrusted else { return }
            var book = StationBook(in: subject.root, state: subject.state)
            if book.note(neighbours, now: KernelClock.wall()) { try book.write() }
        } catch {
            logger.warning("the unit cannot look at itself", metadata: ["error": "\(error)"])
        }
    }
}
