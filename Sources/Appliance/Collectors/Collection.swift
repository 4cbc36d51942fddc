import Platform
import Site
import Synchronization

/// What one turn of a collector gave.
struct CollectionResult {
    var readings: [Reading]
    /// How long it took; for one that is not finished, how long it has run.
    var duration: Duration
    /// No answer within the deadline.
    var isOverdue = false
    /// Not begun, because an earlier one still runs.
    var isLeftOut = false
}

/// One collector's turns, one at a time.
///
/// A turn that overruns its deadline is left alone, and no other is begun until it has come back. What it brings then
/// is too late and thrown away.
final class Collection<WaitingClock: Clock>: Sendable where WaitingClock.Duration == Duration {
    private let collector: any Collector
    private let clock: WaitingClock
    private let runningSince = Mutex<WaitingClock.Instant?>(nil)

    init(_ collector: any Collector, clock: WaitingClock) {
        self.collector = collector
        self.clock = clock
    }

    /// Nil when the caller was cancelled.
    func run(at time: Timestamp) async -> CollectionResult? {
        let start = clock.now
        let earlier = runningSince.withLock { running -> WaitingClock.Instant? in
            defer { running = running ?? start }
            return running
        }
        if let earlier {
            return CollectionResult(
                readings: collector.overdue(at: time), duration: earlier.duration(to: start), isOverdue: true,
                isLeftOut: true)
        }
        do {
            let readings = try await withDeadline(collector.deadline, clock: clock) { [self] in
                defer { runningSince.withLock { $0 = nil } }
                return await collector.collect(at: time)
            }
            return CollectionResult(readings: readings, duration: start.duration(to: clock.now))
        } catch is DeadlineExceeded {
            return CollectionResult(
                readings: collector.overdue(at: time), duration: start.duration(to: clock.now), isOverdue: true)
        } catch {
            return nil
        }
    }
}
