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
    /// Where the files of the hand-over are.
    public nonisolated let directory: String
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
    private var isFilling = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Bytes of one commit: some 25,000 lines of a flood, so that waiting for the disk is a small part of storing them.
    private static let portion = 4 << 20
    /// While somebody watches, so long at most.
    private static let watched = Duration.seconds(3)
    /// Lines of one message to those who watch: of a flood the newest.
    private static let mostShown = 200
    /// So much is stored before the window is over.
    private static let enough = 256 * 1024

    public init(
        _ configuration: Configuration, store: Logs, now: @escaping @Sendable () -> Timestamp, logger: Logger,
        report: @escaping @Sendable (Event) async -> Void
    ) {
        self.configuration = configuration
        directory = configuration.directory
        self.store = store
        self.now = now
        self.logger = logger
        self.report = report
        figures = LogFigures(names: Dictionary(configuration.names.map { ($0.address, $0.name) }) { first, _ in first })
    }

    /// Stores what is due, and tells of senders that have fallen silent; to be called about once a second.
    func look() async {
        let time = now()
        let waiting = (spool ?? Spool(directory: directory, boot: time.boot, places: [])).waiting()
        waitingSince = waiting > 0 ? waitingSince ?? time.monotonic : nil
        let age = Duration.milliseconds(time.monotonic - (waitingSince ?? time.monotonic))
        let window =
            broadcast.readerCount > 0 ? min(Self.watched, configuration.logs.window) : configuration.logs.window
        if spool == nil || waiting >= Self.enough || waiting > 0 && age >= window { await drain() }
        await tellSpace()
        await store.salvageSome(at: time)
        // Who has lines waiting is not silent, and nobody is judged while their lines are being stored.
        guard waiting == 0, !isDraining else { return }
        await tell(watch?.look(at: now().monotonic) ?? [])
    }

    /// Tells, once, that lines come faster than they are stored: what does not fit is lost.
    private func tellSpace() async {
        guard let spool, let space = try? FileSystemSpace(of: directory), space.size > 0 else { return }
        // Its own files only: elsewhere than on an installed unit they are on a disk with much else.
        let used = Double(spool.occupied()) / Double(space.size)
        if used > 0.5, !isFilling {
            isFilling = true
            await report(.logSpoolFilling(at: now()))
        } else if used < 0.25 {
            isFilling = false
        }
    }

    /// Stores everything that had come when it was called.
    public func drain() async {
        while isDraining { await withCheckedContinuation { queue.append($0) } }
        isDraining = true
        do {
            var left = max(1, spool?.waiting() ?? Self.portion)
            var read = waitingSince
            while left > 0, !Task.isCancelled {
                read = now().monotonic
                let taken = try await storePortion()
                spool?.clear()
                left = taken < Self.portion ? 0 : left - taken
            }
            // What came while a slow disk took the portion has waited since then.
            waitingSince = (spool?.waiting() ?? 0) > 0 ? read : nil
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
            spool = Spool(directory: directory, boot: time.boot, places: try await store.places())
        }
        var watch: SourceWatch
        if let known = self.watch {
            watch = known
        } else {
            watch = SourceWatch(
                addresses: configuration.names.map(\.address), known: try await store.sources(),
                rate: configuration.logs.rate, at: time.monotonic)
        }
        let portion = spool.read(atMost: Self.portion)
        var changes: [SourceWatch.Change] = []
        let judged = portion.lines.map { spooled -> (line: LogLine, verdict: SourceWatch.Verdict) in
            let line = spooled.line(now: time)
            // rsyslogd did not know that it may send yet: its text is not there.
            guard spooled.isWhole || !configuration.names.contains(where: { $0.address == line.source }) else {
                return (line, .refuse)
            }
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
            if !recorded.isEmpty { broadcast.publish(Array(recorded.suffix(Self.mostShown))) }
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
