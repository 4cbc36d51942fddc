import Logging
import Relays
import Site

/// Copies the events that the owner of the lines has recorded into the journal: each once, whoever is stopped between.
///
/// How far it came stands in the journal itself, as a value of the last event that it copied. While the journal takes
/// nothing, nothing is lost: the owner's file keeps it.
actor RelayJournal {
    private let owner: any RelayDoor
    private let newest: @Sendable (EventQuery) async throws -> [RecordedEvent]
    private let record: @Sendable (Event) async throws -> Void
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    /// The last record in the journal; the outer nil as long as that is not known.
    private var copied: IntentCursor??
    private var cursor: IntentCursor?
    /// After which one it was said that records are missing.
    private var told: IntentCursor?
    private var isBusy = false
    private var isAskedAgain = false
    private nonisolated let bell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// The names of the values that carry the sequence, and the log that it belongs to.
    static let mark = (sequence: "record", log: "log")
    private static let page = 200
    /// How far back the journal is searched for it, in events.
    private static let mostSearched = 200_000

    init(
        owner: any RelayDoor,
        newest: @escaping @Sendable (EventQuery) async throws -> [RecordedEvent],
        record: @escaping @Sendable (Event) async throws -> Void, now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.owner = owner
        self.newest = newest
        self.record = record
        self.now = now
        self.logger = logger
    }

    /// There is something to copy, or may be.
    nonisolated func wake() { bell.continuation.yield() }

    /// Copies whenever it is woken, until it is cancelled.
    ///
    /// Apart from whoever wakes it: a journal that hangs must hold up neither states nor pings.
    func run() async { for await _ in bell.stream { await all() } }

    /// Copies all that there is; what fails is tried again with the next call.
    func all() async {
        isAskedAgain = true
        guard !isBusy else { return }
        isBusy = true
        defer { isBusy = false }
        while isAskedAgain {
            isAskedAgain = false
            do { try await copyPages() } catch {
                logger.warning("records of the relays wait to be copied", metadata: ["error": "\(error)"])
                return
            }
        }
    }

    private func copyPages() async throws {
        if copied == nil {
            let last = try await last()
            copied = .some(last)
            cursor = last
        }
        while true {
            let page = try await owner.intents(after: cursor, limit: Self.page)
            guard let next = page.next else { return }
            if page.hasGap, let cursor, told != cursor {
                try await record(gap())
                told = cursor
            }
            for entry in page.records { try await copy(entry, of: next.log, boot: page.boot) }
            cursor = next
            if page.records.count < Self.page { return }
        }
    }

    /// The record went on without being copied until it dropped what was oldest.
    private func gap() -> Event {
        Event(
            .relayRecordGap, .warning, subject: "relays",
            message:
                "Some of what the relays did may not be in the journal: their record begins anew, or was not copied for long.",
            at: now())
    }

    private func copy(_ entry: IntentRecord, of log: String, boot: Int?) async throws {
        guard case .event(var event) = entry.content else { return }
        let isKnown = copied?.map { $0.log == log && entry.sequence <= $0.sequence } ?? false
        guard !isKnown else { return }
        event.values[Self.mark.sequence] = .number(Double(entry.sequence))
        event.values[Self.mark.log] = .text(log)
        // The owner counts boots by itself: what it saw in the present one is of this one.
        // One that had not read its record yet knew no number.
        let now = now()
        let isPresent =
            event.time.boot == boot
            || event.time.boot == Timestamp.unknownBoot && event.time.monotonic <= now.monotonic
        event.time.boot = isPresent ? now.boot : Timestamp.unknownBoot
        try await record(event)
        copied = .some(IntentCursor(log: log, sequence: entry.sequence))
    }

    private func last() async throws -> IntentCursor? {
        var query = EventQuery(limit: 1000)
        for _ in 0..<(Self.mostSearched / query.limit) {
            let events = try await newest(query)
            for values in events.map(\.event.values) {
                if case .number(let number)? = values[Self.mark.sequence], let sequence = Int64(exactly: number),
                    case .text(let log)? = values[Self.mark.log]
                {
                    return IntentCursor(log: log, sequence: sequence)
                }
            }
            guard let next = events.last?.id.sequence, events.count == query.limit else { return nil }
            query.before = next
        }
        return nil
    }
}

extension RelayCause {
    /// `anna from 192.168.1.20`, `the rule enclosure > 45 °C`, `the watchdog, after 5 rounds`.
    var words: String {
        let lead =
            switch kind {
            case .person, .token, .compatibility: "\(who) from \(origin)"
            case .rule: "the rule \(who)"
            case .schedule: "the schedule \(who)"
            case .watchdog: "the watchdog"
            case .timer: "a time that ran out"
            case .interlock: "\(who) was switched on"
            case .boot: "the start of the unit"
            case .crash: "the owner of the relays had ended unasked"
            }
        return why.map { "\(lead), \($0)" } ?? lead
    }
}
