public import Logging
public import Site
public import Store

/// Takes the events of all services: into the journal, to live readers and into the log.
///
/// An event that the journal refuses (disk full, read-only) waits here and is tried again with the next one; the newest
/// `mostWaiting` are kept.
public actor EventRecorder {
    private let journal: Journal
    private let logger: Logger
    /// What the journal has not taken yet, oldest first.
    public private(set) var waiting: [Event] = []
    private var isDraining = false

    /// What was recorded, as it is recorded.
    public nonisolated let broadcast = Broadcast<RecordedEvent>()

    private static let mostWaiting = 256

    public init(journal: Journal, logger: Logger) {
        self.journal = journal
        self.logger = logger
    }

    public func record(_ event: Event) async {
        logger.log(event)
        waiting.append(event)
        let surplus = waiting.count - Self.mostWaiting
        if surplus > 0 {
            waiting.removeFirst(surplus)
            await journal.lost(surplus)
        }
        await retry()
    }

    /// Takes an event that somebody keeps until it is stored.
    ///
    /// - Throws: `StoreError` when the journal does not take it; then it was not taken here either.
    func recordNow(_ event: Event) async throws {
        let recorded = try await journal.record(event)
        logger.log(event)
        broadcast.publish(recorded)
    }

    /// Tries again what the journal has refused.
    public func retry() async {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        // Taken out first: while the journal writes, more may come and push the oldest out.
        while !waiting.isEmpty {
            let event = waiting.removeFirst()
            guard let recorded = try? await journal.record(event) else {
                waiting.insert(event, at: 0)
                return
            }
            broadcast.publish(recorded)
        }
        await journal.retry()
    }
}

extension Logger {
    /// An event as a line of the log.
    public func log(_ event: Event) {
        log(
            level: event.severity.logLevel, "\(event.message)",
            metadata: ["code": "\(event.code.rawValue)", "subject": "\(event.subject)"])
    }
}

extension Event.Severity {
    fileprivate var logLevel: Logger.Level {
        switch self {
        case .critical: .critical
        case .error: .error
        case .warning: .warning
        case .notice: .notice
        case .info: .info
        }
    }
}
