public import Site

/// One entry of the record of intents, as it lies on the card.
public struct IntentRecord: Hashable, Sendable {
    /// What an entry holds.
    public enum Content: Hashable, Sendable {
        /// The owner of the lines has started, or a new file has begun.
        case beginning(IntentBeginning)
        /// A change of a load that is meant; in the safe direction it may have been done already.
        case change(RelayChange)
        case result(RelayResult)
        /// What is to be remembered of a relay; takes the place of what was remembered of it before.
        case memory(RelayMemory)
        case event(Event)
    }

    /// Counts all entries of a log from 1 on.
    public var sequence: Int64
    public var content: Content

    public init(sequence: Int64, _ content: Content) {
        self.sequence = sequence
        self.content = content
    }
}

/// Which log this is, and which boot of the unit its next entries are of.
public struct IntentBeginning: Hashable, Sendable, Codable {
    /// A random name: another one is another log, whose entries are counted from 1 again.
    public var log: String
    /// The kernel's ID of the boot.
    public var boot: String
    /// Counts the boots that the log has seen, from 1 on.
    public var number: Int

    public init(log: String, boot: String, number: Int) {
        self.log = log
        self.boot = boot
        self.number = number
    }
}

/// How far somebody has read.
public struct IntentCursor: Hashable, Sendable, Codable {
    public var log: String
    public var sequence: Int64

    public init(log: String, sequence: Int64) {
        self.log = log
        self.sequence = sequence
    }
}

/// Entries after a cursor, oldest first.
public struct IntentPage: Hashable, Sendable, Codable {
    public var records: [IntentRecord]
    /// To go on from; nil while there is no log.
    public var next: IntentCursor?
    /// Entries between the cursor and these were dropped, or the cursor is of another log.
    public var hasGap: Bool
    /// The number that this boot has in the log: that of the stamps of its events.
    public var boot: Int?

    public init(records: [IntentRecord], next: IntentCursor?, hasGap: Bool, boot: Int? = nil) {
        self.records = records
        self.next = next
        self.hasGap = hasGap
        self.boot = boot
    }
}

extension IntentRecord: Codable {
    private enum Key: String, CodingKey {
        case n, beginning, change, result, memory, event, time
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let content: Content
        if let change = try container.decodeIfPresent(RelayChange.self, forKey: .change) {
            content = .change(change)
        } else if let result = try container.decodeIfPresent(RelayResult.self, forKey: .result) {
            content = .result(result)
        } else if let memory = try container.decodeIfPresent(RelayMemory.self, forKey: .memory) {
            content = .memory(memory)
        } else if var event = try container.decodeIfPresent(Event.self, forKey: .event) {
            // An event's own form leaves the boot out.
            event.time = try container.decode(Timestamp.self, forKey: .time)
            content = .event(event)
        } else {
            content = .beginning(try container.decode(IntentBeginning.self, forKey: .beginning))
        }
        self.init(sequence: try container.decode(Int64.self, forKey: .n), content)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(sequence, forKey: .n)
        switch content {
        case .beginning(let beginning): try container.encode(beginning, forKey: .beginning)
        case .change(let change): try container.encode(change, forKey: .change)
        case .result(let result): try container.encode(result, forKey: .result)
        case .memory(let memory): try container.encode(memory, forKey: .memory)
        case .event(let event):
            try container.encode(event, forKey: .event)
            try container.encode(event.time, forKey: .time)
        }
    }
}
