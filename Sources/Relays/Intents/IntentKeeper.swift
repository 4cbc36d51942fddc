import Platform
import Site
import Synchronization

/// Brings intents to the card on a thread of its own, so that a card that hangs or is full stands in nobody's way.
///
/// What somebody waits for is written at once, with all that waited before it and all that is decided in that moment;
/// what nobody waits for, a moment later or with the next. While the card takes nothing, the latest is kept in memory,
/// and tried again.
public final class IntentKeeper: Sendable {
    /// What became of the note of a change.
    public typealias Noted = @Sendable (_ change: Int64, _ reason: String?) -> Void

    struct Waiting {
        var contents: [IntentRecord.Content] = []
        /// Changes that are not done before they are on the card.
        var changes: [Int64] = []
    }

    private struct State {
        var waiting = Waiting()
        /// What is being written.
        var batch = Waiting()
        /// An earlier process may have brought some of the next batch to the card.
        var mayBeThere = false
        var isWriting = false
        var isUrgent = false
        /// While a batch gathers.
        var nap: Task<Void, Never>?
        var lastBatch: UInt64 = 0
        /// Entries of the past that found no room while the card took nothing.
        var dropped = 0
        var trouble: String?
        var isEnded = false
    }

    /// A note that somebody waits for waits for no other work of the process.
    private let executor = BlockingExecutor(name: "notes")
    private let log: Blocking<any IntentStore>
    /// What the start reads; never written to.
    private let earlier: Blocking<IntentLog>
    private let decided: @Sendable () async -> Void
    private let noted: Noted
    private let written: @Sendable () -> Void
    private let clock = ContinuousClock()
    private let state = Mutex(State())

    /// Entries that wait at most while the card takes nothing.
    private static let most = 2000
    /// How long what nobody waits for may gather.
    private static let leisure = Duration.milliseconds(500)
    /// How long one batch may take before the card counts as hung.
    private static let patience = Duration.seconds(5)

    /// - Parameters:
    ///   - boot: The kernel's ID of this boot.
    ///   - name: A random one, for a log that is new.
    ///   - decided: Returns when what comes at this moment is decided: what eight rules want at once is one write.
    ///   - noted: Told of each change that was to be noted first: nil, or why the card did not take it.
    ///   - written: Told when there are new entries to read.
    public init(
        place: IntentPlace, boot: String, name: String, decided: @escaping @Sendable () async -> Void = {},
        noted: @escaping Noted,
        written: @escaping @Sendable () -> Void
    ) {
        log = Blocking(name: "intents") { place.open(boot: boot, name: name) }
        earlier = Blocking(name: "intents before") { place.look(boot: boot, name: name) }
        self.decided = decided
        self.noted = noted
        self.written = written
    }

    /// Why the card does not take anything now; nil while it does.
    public var trouble: String? { state.withLock { $0.trouble } }

    /// Entries that found no room while the card took nothing, since this was last asked.
    func takeDropped() -> Int {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    /// Reads what is there.
    ///
    /// - Parameter limit: What the card may take; telling what it says takes a slow processor longer.
    /// - Throws: `DeadlineExceeded` while the card hangs; `SystemError`.
    func load(within limit: Duration) async throws -> IntentsFound {
        try await earlier.run(within: limit) { try $0.fetch() }
        return try await earlier.run(within: .seconds(10)) { try $0.start() }
    }

    /// The latest of what is not known to be on the card.
    func unwritten(most: Int) -> [IntentRecord.Content] {
        state.withLock { Array(($0.batch.contents + $0.waiting.contents).suffix(most)) }
    }

    /// Takes over what an earlier process of this boot may not have brought to the card.
    func takeOver(_ contents: [IntentRecord.Content]) {
        guard !contents.isEmpty else { return }
        state.withLock { $0.mayBeThere = true }
        for content in contents { note(content) }
    }

    /// Entries after a cursor, of those that are on the card.
    ///
    /// - Throws: `DeadlineExceeded` while the card hangs; `SystemError`.
    public func page(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage {
        try await log.run(within: .seconds(2)) { try $0.page(after: cursor, limit: limit) }
    }

    /// Waits until nothing waits, at most so long; what waits then is tried no more, the next process has it.
    func finish(within limit: Duration) async {
        let end = clock.now + limit
        state.withLock { state in
            state.isUrgent = true
            state.nap?.cancel()
        }
        while clock.now < end, state.withLock({ $0.isWriting }) { try? await clock.sleep(for: .milliseconds(5)) }
        state.withLock { $0.isEnded = true }
    }

    // MARK: Notes

    /// Notes a change and what is remembered with it, and says so.
    func noteFirst(_ change: RelayChange, _ memory: RelayMemory) {
        add([.change(change), .memory(memory)], first: change.number)
    }

    /// Notes something that nobody waits for.
    func note(_ content: IntentRecord.Content) { add([content], first: nil) }

    private func add(_ contents: [IntentRecord.Content], first change: Int64?) {
        let starts = state.withLock { state in
            for content in contents { state.waiting.add(content) }
            if let change {
                state.waiting.changes.append(change)
                state.isUrgent = true
                state.nap?.cancel()
            }
            state.dropped += state.waiting.trim(to: Self.most)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { Task(executorPreference: executor.forTasks) { await self.write() } }
    }

    /// Writes until nothing waits.
    private func write() async {
        while true {
            await nap()
            await decided()
            guard let (taken, number, mayAlreadyBe) = take() else { return }
            var batch = taken
            var mayBeThere = mayAlreadyBe
            // Under the same number until it is there: one that comes late is not written twice.
            while true {
                do {
                    let contents = batch.contents
                    try await log.run(within: Self.patience) { [mayBeThere] in
                        try $0.append(contents, batch: number, mayBeThere: mayBeThere)
                    }
                    break
                } catch {
                    // Another process of the record does not know the number.
                    mayBeThere = true
                    state.withLock { $0.trouble = "\(error)" }
                    for change in batch.changes { noted(change, "\(error)") }
                    batch.changes = []
                    try? await clock.sleep(for: .seconds(1))
                    if state.withLock({ $0.isEnded }) { return }
                }
            }
            state.withLock { state in
                state.trouble = nil
                state.batch = Waiting()
            }
            for change in batch.changes { noted(change, nil) }
            written()
        }
    }

    /// A batch gathers for a moment, unless somebody waits for it.
    private func nap() async {
        let nap = state.withLock { state -> Task<Void, Never>? in
            guard !state.isUrgent else { return nil }
            let nap = Task(executorPreference: executor.forTasks) { [clock] in
                _ = try? await clock.sleep(for: Self.leisure)
            }
            state.nap = nap
            return nap
        }
        await nap?.value
    }

    private func take() -> (Waiting, UInt64, mayBeThere: Bool)? {
        state.withLock { state in
            state.isUrgent = false
            guard !state.waiting.contents.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer {
                state.waiting = Waiting()
                state.mayBeThere = false
            }
            state.batch = state.waiting
            state.lastBatch += 1
            return (state.waiting, state.lastBatch, state.mayBeThere)
        }
    }
}

extension IntentKeeper.Waiting {
    /// The latest memory of a relay takes the place of earlier ones.
    mutating func add(_ content: IntentRecord.Content) {
        if case .memory(let memory) = content {
            contents.removeAll { if case .memory(let earlier) = $0 { earlier.relay == memory.relay } else { false } }
        }
        contents.append(content)
    }

    /// Drops the oldest that say no memory; how many.
    mutating func trim(to most: Int) -> Int {
        var dropped = 0
        while contents.count > most,
            let index = contents.firstIndex(where: { if case .memory = $0 { false } else { true } })
        {
            contents.remove(at: index)
            dropped += 1
        }
        return dropped
    }
}
