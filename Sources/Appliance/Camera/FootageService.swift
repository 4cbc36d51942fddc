public import Logging
public import NAS
public import Platform
public import ServiceLifecycle
public import Site

/// Looks after the footage while the unit runs: what is there, what goes, and what is to be told of it.
///
/// All that touches the drive is done by the keeper, on a thread of its own: one that hangs delays nothing else.
public actor FootageService<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    public nonisolated let figures = FootageFigures()

    private let keeper: Blocking<FootageKeeper>
    private let records: @Sendable () -> [DriveRecord]
    private let storage: StorageConfiguration
    private let cameras: [String]
    private let clock: WaitingClock
    private let now: @Sendable () -> Timestamp
    private let subscribe: @Sendable () -> AsyncStream<RecordedEvent>
    private let recent: @Sendable (Int64) async -> [RecordedEvent]
    private let report: @Sendable (Event) async -> Void
    private let logger: Logger

    private var drives = DriveChanges()
    private var silence = CameraSilence()
    private var hasHung = false
    private var hasAsked = false
    private var isFrozen = false
    private var isShort = false
    private var filling = FillingDrive()
    private var fault: String?
    /// What is to be kept, and is not taken down on the drive yet.
    private var pending: [Protections.Span] = []

    /// More than are waiting for a drive are none's that would be missed.
    private static var mostPending: Int { 100 }
    private static var interval: Duration { .seconds(10) }
    /// While a drive is walked through, a piece in each look.
    private static var stride: Duration { .milliseconds(50) }
    /// A drive that starts from rest takes some seconds.
    private static var limit: Duration { .seconds(30) }

    /// - Parameters:
    ///   - records: What was decided about drives.
    ///   - clock: For waiting; a monotonic one.
    ///   - events: A new reader's view of what happens.
    ///   - recent: What has happened since a time, in wall milliseconds, before anybody looked.
    public init(
        _ keeper: Blocking<FootageKeeper>, records: @escaping @Sendable () -> [DriveRecord],
        storage: StorageConfiguration, cameras: [String], clock: WaitingClock,
        now: @escaping @Sendable () -> Timestamp,
        events: @escaping @Sendable () -> AsyncStream<RecordedEvent> = { AsyncStream { $0.finish() } },
        recent: @escaping @Sendable (Int64) async -> [RecordedEvent] = { _ in [] }, logger: Logger,
        report: @escaping @Sendable (Event) async -> Void
    ) {
        self.keeper = keeper
        self.records = records
        self.storage = storage
        self.cameras = cameras
        self.clock = clock
        self.now = now
        subscribe = events
        self.recent = recent
        self.logger = logger
        self.report = report
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.follow() }
                await self.keepLooking()
                group.cancelAll()
            }
        }
    }

    private func keepLooking() async {
        var pause = Duration.zero
        repeat { pause = await look() } while (try? await clock.sleep(for: pause)) != nil
    }

    /// Has footage around events kept.
    private func follow() async {
        guard storage.protection != nil else { return }
        // First, so that nothing is missed between the two: what is in both is one stretch.
        let stream = subscribe()
        for recorded in await recent(now().wall - 3_600_000) { protect(recorded.event) }
        for await recorded in stream { protect(recorded.event) }
    }

    func protect(_ event: Event) {
        guard let span = storage.protection?.span(around: event) else { return }
        pending.append(span)
        if pending.count > Self.mostPending { pending.removeFirst() }
    }

    /// Looks once, and tells what there is to tell.
    ///
    /// - Returns: How long to wait before the next look.
    func look() async -> Duration {
        let time = now()
        let pending = pending
        var sight: FootageSight?
        do {
            sight = try await keeper.run(within: Self.limit) {
                try $0.look(at: time.wall, isTrusted: time.isTrusted, protecting: pending)
            }
            if sight?.isReadOnly == false { self.pending.removeAll { pending.contains($0) } }
            figures.put(sight.map { .seen($0) } ?? .noDrive)
            hasHung = false
            note(sight?.refusal)
        } catch is DeadlineExceeded {
            figures.put(.hung)
            if !hasHung { await report(.driveHung(at: time)) }
            hasHung = true
        } catch is CancellationError {
            return Self.interval
        } catch {
            // A drive that is pulled out at this moment; the next look finds none.
            note("\(error)")
        }
        for event in events(sight, at: time) { await report(event) }
        return sight?.isWalking == true ? Self.stride : Self.interval
    }

    /// What goes on and on is told once.
    private func note(_ fault: String?) {
        if let fault, fault != self.fault {
            logger.warning("the footage cannot be looked after", metadata: ["error": "\(fault)"])
        }
        self.fault = fault
    }

    private func events(_ sight: FootageSight?, at time: Timestamp) -> [Event] {
        let canRecord = sight?.isReadOnly == false
        var events = drives.look(records(), canRecord: canRecord, at: time.monotonic).map { Event.drive($0, at: time) }
        guard let sight, canRecord else {
            silence.cannotRecord()
            return events
        }
        if let figures = sight.figures, time.isTrusted {
            events += silence.look(cameras, newest: figures.newest, habits: figures.habits, at: time.wall)
                .map { Event.camera($0, at: time) }
        }
        if let asks = sight.asks, !hasAsked { events.append(.footageAsks(asks, at: time)) }
        hasAsked = sight.asks != nil
        if sight.isFrozen, !isFrozen { events.append(.footageFrozen(at: time)) }
        isFrozen = sight.isFrozen
        if time.isTrusted, let change = filling.look(sight, retention: storage.retention, at: time.wall) {
            events.append(.footageFull(change, at: time))
        }
        if let outlook = sight.outlook {
            if outlook.kept < storage.retention {
                if !isShort { events.append(.footageShort(outlook, promised: storage.retention, at: time)) }
                isShort = true
            } else if outlook.kept > storage.retention * 1.1 {
                // Told again only when the promise could be kept by a good margin in between.
                isShort = false
            }
        }
        if sight.deleted.clips > 0 {
            logger.info(
                "footage was deleted", metadata: ["clips": "\(sight.deleted.clips)", "bytes": "\(sight.deleted.size)"])
        }
        return events
    }
}

extension FootageProtection {
    /// What is to be kept because of an event; nil for one that is not meant, or that has no time that footage could have.
    func span(around event: Event) -> Protections.Span? {
        guard event.time.isTrusted, events.contains(where: { $0.matches(event) }) else { return nil }
        return Protections.Span(
            from: event.time.wall - Int64(before / .milliseconds(1)),
            to: event.time.wall + Int64(after / .milliseconds(1)),
            note: "\(event.code.rawValue)@\(event.subject)")
    }
}
