public import Site

/// What the decider wants done, in this order.
public enum RelayAction: Hashable, Sendable {
    /// Note this change, and what is remembered with it, durably; nothing is driven until `noted` comes back.
    ///
    /// Never waits in the way of a `drive`: the card may take seconds, or for ever.
    case noteFirst(RelayChange, RelayMemory)
    /// Switch now; answered by `driven` or `driveFailed` at once.
    ///
    /// Either its note is on the card already, or it goes in the safe direction and is noted afterwards.
    case drive(RelayDrive)
    /// Note when the card takes it; nothing waits for it.
    case note(RelayNote)
    /// Something happened that people should know.
    case report(Event)
    /// Answer to a command.
    case answer(ticket: UInt64, RelayAnswer)
    /// Ping these; the answer is a `pinged` with the same number.
    case ping(PingQuestion)
}

/// One switching of a coil.
public struct RelayDrive: Hashable, Sendable {
    public var relay: String
    /// Whether the coil gets current; what level that is at the pin, the line knows (`active`).
    public var coil: Bool
    /// What it means for the load.
    public var state: RelayState
    /// Nil where the state does not change: at a start, and when a line that was gone is back.
    public var change: Int64?
    /// It goes in the safe direction (a pulse's end, a restore, a boot state), and its note comes after it.
    public var isSafe: Bool

    public init(relay: String, coil: Bool, state: RelayState, change: Int64?, isSafe: Bool) {
        self.relay = relay
        self.coil = coil
        self.state = state
        self.change = change
        self.isSafe = isSafe
    }
}

/// An entry of the record of intents that nothing waits for.
public enum RelayNote: Hashable, Sendable {
    /// A change in the safe direction, after the fact.
    case change(RelayChange)
    case result(RelayResult)
    /// What is to be remembered of a relay; takes the place of what was noted of it before.
    case memory(RelayMemory)
}

/// A round of pings that is to be made.
public struct PingQuestion: Hashable, Sendable, Codable {
    public var relay: String
    public var number: Int64
    /// Addresses and host names, each once: `gateway`, `camera` and `witness` of the site file put in words.
    public var targets: [String]

    public init(relay: String, number: Int64, targets: [String]) {
        self.relay = relay
        self.number = number
        self.targets = targets
    }
}
