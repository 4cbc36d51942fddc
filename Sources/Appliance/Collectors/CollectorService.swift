public import Logging
import Platform
public import ServiceLifecycle
public import Site

/// Runs every collector at its own interval, and hands what they find to the store and to live readers.
///
/// Collectors do not know each other: one that is slow, overdue or stuck delays no other. Neither does the store: up to
/// `queueLength` batches wait for it, then the oldest go (counted and logged).
public struct CollectorService<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    /// What one collection found, on its way to the store.
    private struct Delivery: Sendable {
        let batch: ReadingBatch
        let events: [Event]
        /// Found by one of its collectors, and not handed in by others.
        var isCollected = true
    }

    public let progress: CollectionProgress
    public let broadcast: ReadingBroadcast

    private let collectors: [any Collector]
    private let clock: WaitingClock
    private let now: @Sendable () -> Timestamp
    private let sink: @Sendable (ReadingBatch) async -> Void
    private let report: @Sendable (Event) async -> Void
    private let logger: Logger
    private let deliveries: AsyncStream<Delivery>
    private let queue: AsyncStream<Delivery>.Continuation

    private static var queueLength: Int { 1024 }

    /// - Parameters:
    ///   - clock: For waiting; a monotonic one.
    ///   - now: For stamping.
    ///   - sink: Takes a batch for keeping; called one batch at a time.
    ///   - report: Takes an event for the journal.
    public init(
        _ collectors: [any Collector], clock: WaitingClock, now: @escaping @Sendable () -> Timestamp,
        progress: CollectionProgress = .init(), broadcast: ReadingBroadcast = .init(), logger: Logger,
        sink: @escaping @Sendable (ReadingBatch) async -> Void, report: @escaping @Sendable (Event) async -> Void
    ) {
        self.collectors = collectors
        self.clock = clock
        self.now = now
        self.progress = progress
        self.broadcast = broadcast
        self.logger = logger
        self.sink = sink
        self.report = report
        (deliveries, queue) = AsyncStream.makeStream(
            of: Delivery.self, bufferingPolicy: .bufferingNewest(Self.queueLength))
    }

    /// Takes a batch that no collector has found, for live readers and the store; nobody waits for the card.
    public func take(_ batch: ReadingBatch) {
        broadcast.publish(batch)
        deliver(Delivery(batch: batch, events: [], isCollected: false))
    }

    /// Collects until the group shuts down; what was collected by then is still handed over.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await deliver() }
            await cancelWhenGracefulShutdown {
                await withTaskGroup(of: Void.self) { group in
                    for collector in collectors { group.addTask { await run(collector) } }
                }
            }
            queue.finish()
        }
        broadcast.finish()
    }

    private func deliver() async {
        for await delivery in deliveries {
            await sink(delivery.batch)
            if delivery.isCollected { progress.stored(at: now()) }
            for event in delivery.events { await report(event) }
        }
    }

    private func run(_ collector: any Collector) async {
        var schedule = TickSchedule(start: clock.now, interval: collector.interval)
        var health = SensorHealth()
        var missed = 0
        let collection = Collection(collector, clock: clock)
        while !Task.isCancelled {
            let time = now()
            guard let result = await collection.run(at: time) else { return }
            if result.isLeftOut { missed += 1 }
            let own = collector.ownReadings(result, missed: missed, at: time)
            let batch = ReadingBatch(time: time, interval: collector.interval, readings: result.readings + own)
            let events = health.observe(result.readings, at: time).map { key, change in
                progress.changed(key, isLost: change.isLoss)
                return Event.sensor(key, change, at: time)
            }
            broadcast.publish(batch)
            deliver(Delivery(batch: batch, events: events))
            let next = schedule.advance(now: clock.now)
            missed += next.missed
            progress.missed(next.missed + (result.isLeftOut ? 1 : 0))
            do { try await clock.sleep(until: next.turn, tolerance: nil) } catch { return }
        }
    }

    private func deliver(_ delivery: Delivery) {
        if case .dropped = queue.yield(delivery) { noteDropped() }
    }

    private func noteDropped() {
        let count = progress.dropped()
        // The first, and then each time that the number has doubled.
        guard count & (count - 1) == 0 else { return }
        logger.error(
            "the store is too slow: the oldest waiting readings are dropped", metadata: ["batches": "\(count)"])
    }
}

extension SensorHealth.Change {
    fileprivate var isLoss: Bool {
        if case .lost = self { true } else { false }
    }
}

extension Collector {
    /// What a collector tells of itself, in the same batch.
    fileprivate func ownReadings(_ result: CollectionResult, missed: Int, at time: Timestamp) -> [Reading] {
        let isComplete = result.readings.allSatisfy { $0.value != nil || $0.noData?.reason == .disabled }
        return [
            Reading(
                Metric("collector", .duration, instance: name, unit: .second), at: time,
                value: result.duration / .seconds(1)),
            Reading(
                Metric("collector", .success, instance: name, unit: .none), at: time,
                value: isComplete && !result.isOverdue ? 1 : 0),
            Reading(
                Metric("collector", .missedTicks, instance: name, unit: .none), at: time, value: Double(missed)),
        ]
    }
}
