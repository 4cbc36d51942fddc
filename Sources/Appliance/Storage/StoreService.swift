public import Logging
public import ServiceLifecycle
public import Site
public import Store

/// Keeps the store in order while the unit runs, and closes it when everything else has ended.
///
/// First in the group's order, so that it is the last to stop.
public struct StoreService<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let store: Store
    private let events: EventRecorder
    private let logs: LogsConfiguration
    private let clock: WaitingClock
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// Years of a unit that has little to tell; weeks of one whose probe is loose.
    private static var mostEvents: Int { 200_000 }
    /// Between two rounds of retention.
    private static var interval: Duration { .seconds(600) }

    /// - Parameters:
    ///   - clock: For waiting; a monotonic one.
    ///   - now: For judging age; retention asks whether it is trusted.
    public init(
        _ store: Store, events: EventRecorder, logs: LogsConfiguration, clock: WaitingClock,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = store
        self.events = events
        self.logs = logs
        self.clock = clock
        self.now = now
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                await maintain()
            } while (try? await clock.sleep(for: Self.interval)) != nil
        }
        await events.retry()
        tell(await store.close(), events: await events.waiting.count)
    }

    /// The last word of a unit whose disk took nothing: nobody could read it anywhere else.
    private func tell(_ loss: StoreLoss, events: Int) {
        if let readings = loss.readings {
            logger.error(
                "the readings of the last \((readings.milliseconds + 999) / 1000) s could not be written and are lost",
                metadata: ["readings": "\(readings.samples)", "reason": "\(readings.reason)"])
        }
        let events = events + loss.events
        if events > 0 { logger.error("events could not be written and are lost", metadata: ["events": "\(events)"]) }
    }

    private func maintain() async {
        await events.retry()
        do {
            try await store.history.maintain(now: now())
            try await store.journal.maintain(keeping: Self.mostEvents)
            _ = try await store.logs.maintain(now: now(), keeping: logs.retention, bytes: logs.maximumSize)
        } catch {
            // The store has told it as an event; the next round tries again.
            logger.warning("retention did not finish", metadata: ["error": "\(error)"])
        }
    }
}
