public import Logging
import Platform
public import Relays
public import ServiceLifecycle
public import Site
public import Store

/// Everything about relays that runs: follows their owner, carries out rules, answers its pings, copies its records into
/// the journal, and makes readings of their states.
public struct RelayService: Service {
    private let desk: RelayDesk
    private let owner: any RelayDoor
    private let link: RelayLink
    private let copy: RelayJournal
    private let rules: RelayRules
    private let readings: RelayReadings
    private let batches: @Sendable () -> AsyncStream<ReadingBatch>
    private let now: @Sendable () -> Timestamp
    private let hasRules: Bool

    /// - Parameters:
    ///   - owner: Of the lines.
    ///   - batches: A new reader's view of the readings, for rules.
    ///   - publish: Takes a batch for live readers and for keeping.
    public init(
        _ desk: RelayDesk, owner: any RelayDoor, pinger: any Pinger, isSimulated: Bool, journal: Journal,
        events: EventRecorder, logger: Logger, now: @escaping @Sendable () -> Timestamp,
        batches: @escaping @Sendable () -> AsyncStream<ReadingBatch>,
        publish: @escaping @Sendable (ReadingBatch) async -> Void
    ) {
        self.desk = desk
        self.owner = owner
        self.batches = batches
        self.now = now
        hasRules = desk.configurations.contains { !$0.rules.isEmpty }
        let rules = RelayRules(desk, logger: logger)
        self.rules = rules
        readings = RelayReadings(isSimulated: isSimulated, now: now, publish: publish)
        let copy = RelayJournal(
            owner: owner, newest: { try await journal.events($0) },
            record: { try await events.recordNow($0) }, now: now, logger: logger)
        self.copy = copy
        link = RelayLink(
            owner: owner, desk: desk, copy: copy, pinger: pinger, logger: logger,
            connected: {
                // Its schedules wait for a clock that is trusted, and here more is known of it.
                try? await owner.tell(.clock(isTrusted: now().isTrusted))
                await rules.connected(at: now().monotonic)
            })
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await link.run() }
                group.addTask { await copy.run() }
                group.addTask {
                    await every(.seconds(30)) {
                        copy.wake()
                        if let overview = try? await owner.overview() { await desk.told(overview) }
                        await desk.tellRepeats()
                    }
                }
                group.addTask {
                    for await document in desk.broadcast.subscribe() { await readings.changed(document) }
                }
                group.addTask { await every(RelayReadings.interval) { await readings.all(await desk.document) } }
                group.addTask { await followClock() }
                guard hasRules else { return }
                // No reading waits for what else the process does.
                group.addTask(executorPreference: desk.executor.forTasks) { await rules.follow(batches()) }
                group.addTask {
                    await every(.milliseconds(250)) {
                        let now = now().monotonic
                        if let due = await rules.due, due <= now { await rules.pass(to: now) }
                    }
                }
            }
        }
        try? await withDeadline(.seconds(4)) { [rules] in await rules.settled() }
        // What was asked for last is in the audit log, unless the card hangs.
        await desk.tellRepeats(isLast: true)
        try? await withDeadline(.seconds(4)) { [desk] in await desk.written() }
        desk.broadcast.finish()
    }

    /// Tells the owner when the clock becomes trusted, or is not any more.
    private func followClock() async {
        var isTrusted = now().isTrusted
        await every(.seconds(1)) {
            guard now().isTrusted != isTrusted else { return }
            isTrusted.toggle()
            try? await owner.tell(.clock(isTrusted: isTrusted))
        }
    }

    private func every(_ interval: Duration, _ body: () async -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil { await body() }
    }
}
