/// A change of a load's state that is meant: what the record of intents holds before it is done.
public struct RelayChange: Hashable, Sendable, Codable {
    /// Counts all changes of the unit, for ever.
    public var number: Int64
    public var relay: String
    /// The state before it.
    public var from: RelayState
    public var to: RelayState
    public var cause: RelayCause
    /// When it was decided.
    public var time: Timestamp

    public init(
        number: Int64, relay: String, from: RelayState, to: RelayState, cause: RelayCause, time: Timestamp
    ) {
        self.number = number
        self.relay = relay
        self.from = from
        self.to = to
        self.cause = cause
        self.time = time
    }
}

/// What became of a change.
public struct RelayResult: Hashable, Sendable, Codable {
    /// How it ended.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case done
        /// The line did not take it.
        case failed
        /// It was given up before the line was touched: another command, no room on the card.
        case abandoned
        /// The owner of the lines ended in between; whether the line had been switched is not known.
        case unknown
    }

    /// The change's number.
    public var number: Int64
    public var relay: String
    public var outcome: Outcome
    /// Why, where it did not go as meant.
    public var reason: String?
    public var time: Timestamp

    public init(number: Int64, relay: String, outcome: Outcome, reason: String? = nil, time: Timestamp) {
        self.number = number
        self.relay = relay
        self.outcome = outcome
        self.reason = reason
        self.time = time
    }
}

/// A wall time in JSON: ISO 8601 in UTC with milliseconds.
public struct WallTime: Hashable, Sendable, Comparable, TextCodable {
    /// Since 1970, as the unit's clock said.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init?(_ description: String) {
        guard let milliseconds = ISO8601.milliseconds(description) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    public var description: String { ISO8601.string(milliseconds: milliseconds) }

    public static func < (one: WallTime, other: WallTime) -> Bool { one.milliseconds < other.milliseconds }
}
