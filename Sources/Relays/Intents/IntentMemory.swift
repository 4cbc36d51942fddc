public import Site

/// What the record of intents says of the time before: the latest of everything.
public struct IntentMemory: Hashable, Sendable, Codable {
    public var beginning: IntentBeginning?
    public var memories: [String: RelayMemory]
    /// Changes without a result, by number.
    public var unfinished: [Int64: RelayChange]
    /// The highest number of a change.
    public var lastChange: Int64

    public init(
        beginning: IntentBeginning? = nil, memories: [String: RelayMemory] = [:],
        unfinished: [Int64: RelayChange] = [:], lastChange: Int64 = 0
    ) {
        self.beginning = beginning
        self.memories = memories
        self.unfinished = unfinished
        self.lastChange = lastChange
    }

    /// Takes one entry more into account.
    public mutating func take(_ content: IntentRecord.Content) {
        switch content {
        case .beginning(let beginning): self.beginning = beginning
        case .change(let change):
            unfinished[change.number] = change
            lastChange = max(lastChange, change.number)
        case .result(let result):
            unfinished[result.number] = nil
            lastChange = max(lastChange, result.number)
        case .memory(let memory): memories[memory.relay] = memory
        case .event: break
        }
    }

    /// Takes into account what somebody else knows of the same time: the card beside what lies in memory.
    ///
    /// Each may know of something that the other has not heard of; numbers and stamps tell which is later.
    public mutating func merge(_ other: IntentMemory) {
        for (relay, memory) in other.memories {
            guard let mine = memories[relay] else {
                memories[relay] = memory
                continue
            }
            if mine.saved.boot == memory.saved.boot, mine.saved.monotonic < memory.saved.monotonic {
                memories[relay] = memory
            }
        }
        // Unfinished is what both know so, or one of them does not know at all.
        let mine = unfinished.filter { $0.key > other.lastChange || other.unfinished[$0.key] != nil }
        let theirs = other.unfinished.filter { $0.key > lastChange }
        unfinished = mine.merging(theirs) { one, _ in one }
        lastChange = max(lastChange, other.lastChange)
        beginning = beginning ?? other.beginning
    }

    /// The entries that say all of this again, for the beginning of a file.
    var entries: [IntentRecord.Content] {
        (beginning.map { [.beginning($0)] } ?? [])
            + memories.values.sorted { $0.relay < $1.relay }.map { .memory($0) }
            + unfinished.values.sorted { $0.number < $1.number }.map { .change($0) }
    }
}
