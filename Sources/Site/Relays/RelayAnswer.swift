/// What became of a request.
public enum RelayAnswer: Hashable, Sendable {
    case accepted(RelayAcceptance)
    case refused(RelayRefusal)
}

/// A request was accepted, and this is how the relay stands after it.
public struct RelayAcceptance: Hashable, Sendable, Codable {
    /// The load's state now; that of before while the change is held.
    public var state: RelayState
    /// The number of the change in the record of intents; nil when nothing had to change.
    public var change: Int64?
    /// Set when the change waits for a minimum time, a cycle to be free, or the end of an override.
    public var held: RelayCountdown?
    /// The same request had been answered before, and was not done again.
    public var isRepeat: Bool
    public var status: RelayStatus
    /// True when nothing at all is otherwise than before, no countdown and no one's wish either; else nil.
    public var isUnchanged: Bool?
    /// True when only the end of a pulse under way is another one; else nil.
    public var isProlonged: Bool?

    public init(
        state: RelayState, change: Int64? = nil, held: RelayCountdown? = nil, isRepeat: Bool = false,
        status: RelayStatus, isUnchanged: Bool? = nil, isProlonged: Bool? = nil
    ) {
        self.state = state
        self.change = change
        self.held = held
        self.isRepeat = isRepeat
        self.status = status
        self.isUnchanged = isUnchanged
        self.isProlonged = isProlonged
    }
}

/// A request was not done: a stable code, one sentence, and what to do.
public struct RelayRefusal: Error, Hashable, Sendable, Codable {
    /// The closed list of reasons.
    public enum Code: String, Hashable, Sendable, Codable, CaseIterable {
        /// There is no such relay.
        case unknownRelay = "relay.unknown"
        /// A length outside of its limits, or shorter than the minimum time of its state.
        case invalid = "relay.invalid"
        /// The load has another state than the one that was expected.
        case unexpectedState = "relay.unexpectedState"
        /// An override holds the load's state.
        case overridden = "relay.overridden"
        /// A minimum time is not over.
        case tooEarly = "relay.tooEarly"
        /// The cycles of the hour or the day are used up.
        case cyclesUsed = "relay.cyclesUsed"
        /// Another relay that excludes this one cannot be switched off now.
        case interlocked = "relay.interlocked"
        /// The card did not take the note that comes before a change.
        case notNoted = "relay.notNoted"
        /// The hardware did not take it: the chip is gone or does not answer.
        case lineFailed = "relay.lineFailed"
        /// There is nothing to release or to confirm, or no watchdog to switch.
        case nothingToDo = "relay.nothingToDo"
        /// The key was used for another request.
        case keyReused = "relay.keyReused"
        /// A later request took its place before it was done.
        case superseded = "relay.superseded"
        /// The owner of the lines has not started yet, or ends.
        case notReady = "relay.notReady"
    }

    public var code: Code
    /// One sentence for people: what was refused and why.
    public var message: String
    /// What to do; nil when nothing sensible can be said.
    public var hint: String?
    /// Seconds after which it may be accepted; nil when time does not help.
    public var retryAfter: Double?
    /// The load's state, where there is such a relay.
    public var state: RelayState?

    public init(
        _ code: Code, _ message: String, hint: String? = nil, retryAfter: Double? = nil, state: RelayState? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryAfter = retryAfter
        self.state = state
    }
}

extension RelayAnswer: Codable {
    private enum Key: String, CodingKey {
        case accepted, refused
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let refusal = try container.decodeIfPresent(RelayRefusal.self, forKey: .refused) {
            self = .refused(refusal)
        } else {
            self = .accepted(try container.decode(RelayAcceptance.self, forKey: .accepted))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .accepted(let acceptance): try container.encode(acceptance, forKey: .accepted)
        case .refused(let refusal): try container.encode(refusal, forKey: .refused)
        }
    }
}
