public import Logging
import Platform
public import Site
public import Store

/// Takes log lines over from rsyslogd, stores them, and tells what their senders do.
///
/// While nobody looks, lines stay in memory for a window, so that the card is written once for many; whoever asks for
/// lines has them stored first.
public actor LogIntake: LogArchive {
    /// What an intake works with.
    public struct Configuration: Sendable {
        /// Where rsyslogd puts its files, in memory.
        public var directory: String
        public var logs: LogsConfiguration
        /// What the site file calls the addresses that may send.
        public var names: [(address: String, name: String)]

        public init(directory: String, logs: LogsConfiguration, names: [(address: String, name: String)]) {
            self.directory = directory
            self.logs = logs
            self.names = names
        }
    }

    public nonisolated let figures: LogFigures
    /// Lines as they are stored.
    public nonisolated let broadcast = Broadcast<[RecordedLine]>()

    private let executor = BlockingExecutor(name: "logs")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let configuration: Configuration
    private let store: Logs
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (Event) async -> Void
    private let logger: Logger

    private var watch: SourceWatch?
    /// nil until it is known how far its files are stored.
    private var spool: Spool?
    /// Milliseconds since boot at which lines began to wait.
    private var waitingSince: Int64?
    private var isDraining = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Bytes of one commit: some 6,000 lines.
    private static let portion = 1 << 20
    /// So much is stored before the window is over.
    private static let enough = 256 * 1024

    public init(
        _ configuration: Configuration, store: Logs, now: @escaping @Sendable () -> Timestamp, logger: Logger,
        report: @escaping @Sendable (Event) async -> Void
    ) {
        self.configuration = configuration
        self.store = store
        self.now = now
        self.logger = logger
        self.report = report
        figures = LogFigures(names: Dictionary(configuration.names.map { ($0.address, $0.name) }) { first, _ in first })
    }

    /// Stores what is due, and tells of senders that have fallen silent; to be called about once a second.
    func look() async {
        let time = now()
        let waiting = (spool ?? Spool(directory: configuration.directory, boot: time.boot, places: [])).waiting()
        waitingSince = waiting > 0 ? waitingSince ?? time.monotonic : nil
        let age = Duration.milliseconds(time.monotonic - (waitingSince ?? time.monotonic))
        if spool == nil || waiting >= Self.enough || waiting > 0 && broadcast.readerCount > 0
            || waiting > 0 && age >= configuration.logs.window
        {
            await drain()
        }
        await tell(watch?.look(at: now().monotonic) ?? [])
    }

    /// Stores everything that has come so far.
    public func drain() async {
        while isDraining { await withCheckedContinuation { queue.append($0) } }
        isDraining = true
        do {
            while try await storePortion() >= Self.portion {}
            spool?.clear()
            waitingSince = nil
        } catch {
            // The store has told it as an event; how far its files are stored is asked anew.
            logger.warning("log lines wait in memory", metadata: ["error": "\(error)"])
            spool = nil
        }
        isDraining = false
        let waiting = queue
        queue = []
        for one in waiting { one.resume() }
    }

    /// Answers how many bytes were taken.
    private func storePortion() async throws -> Int {
        let time = now()
        var spool: Spool
        if let known = self.spool {
            spool = known
        } else {
            spool = Spool(directory: configuration.directory, boot: time.boot, places: try await store.places())
        }
        var watch: SourceWatch
        if let known = self.watch {
            watch = known
        } else {
            watch = SourceWatch(
                addresses: configuration.names.map(\.address), known: try await store.sources(),
                rate: configuration.logs.rate, at: time.monotonic)
        }
        let portion = try spool.read(atMost: Self.portion)
        var changes: [SourceWatch.Change] = []
        let judged = portion.lines.map { spooled -> (line: LogLine, verdict: SourceWatch.Verdict) in
            let line = spooled.line(now: time)
            let (verdict, news) = watch.receive(line)
            changes += news
            return (line, verdict)
        }
        if portion.bytes > 0 {
            let lines = judged.filter { $0.verdict == .store }.map(\.line)
            let recorded = try await store.append(
                LogBatch(lines: lines, places: portion.places, sources: watch.sources), at: time)
            spool.advance(to: portion.places)
            for (line, verdict) in judged { figures.note(line, verdict) }
            figures.note(damaged: portion.damaged)
            if !recorded.isEmpty { broadcast.publish(recorded) }
        }
        (self.spool, self.watch) = (spool, watch)
        await tell(changes)
        return portion.bytes
    }

    private func tell(_ changes: [SourceWatch.Change]) async {
        for change in changes {
            let event = Event.logs(
                change, name: { address in configuration.names.first { $0.address == address }?.name },
                rate: configuration.logs.rate, at: now())
            await report(event)
        }
    }

    public func lines(_ query: LogQuery) async throws -> LogAnswer {
        await drain()
        return try await store.lines(query)
    }

    public func sources() async throws -> LogSourcesDocument {
        await drain()
        let known = try await store.sources()
        let names = configuration.names
        let strangers = known.filter { source in !names.contains { $0.address == source.address } }
        let wall = now().wall
        return LogSourcesDocument(
            sources: names.map { name in
                .init(
                    address: name.address, name: name.name, heard: known.first { $0.address == name.address }, now: wall
                )
            } + strangers.map { .init(address: $0.address, name: nil, heard: $0, now: wall) })
    }
}
