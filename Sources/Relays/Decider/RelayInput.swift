public import Site

/// What the decider is told; each with the moment at which it became known.
public enum RelayInput: Hashable, Sendable {
    /// The first one, once per life of the owner: which lines are there, and what is left from before.
    case started(RelayStart)
    /// Somebody wants something; the answer carries the same ticket.
    case command(RelayRequest, ticket: UInt64)
    /// A deadline has come; harmless at any other time.
    case tick
    /// The note of a change lies safely on the card.
    case noted(Int64)
    /// The card did not take the note of a change, and will not.
    case notNoted(Int64, reason: String)
    /// The line took what it was told; the time is that of the switching.
    case driven(relay: String, change: Int64?)
    /// The line did not take it: the chip is gone or does not answer.
    case driveFailed(relay: String, change: Int64?, reason: String)
    /// What the coil's line reads as; nil when it could not be read.
    case readBack(relay: String, coil: Bool?)
    /// A round of pings came back.
    case pinged(PingRound)
    /// The owner ends because it was told to: what waits is given up, no line is touched.
    case stopping
}

/// How the owner of the lines starts.
public struct RelayStart: Hashable, Sendable {
    /// What went before.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The machine started.
        case boot
        /// The owner was started again within the same boot after it had ended as told: an upgrade, a restart.
        case restart
        /// The owner was started again within the same boot after it had ended unasked.
        case crash
    }

    public var kind: Kind
    /// Changes that were noted and have no result.
    public var unfinished: [RelayChange]
    /// What the coils' lines were found as, where they were kept or could be read.
    public var coils: [String: Bool]
    /// When the coils got their supply, in milliseconds of the monotonic clock: with the machine, or with a simulation.
    public var powered: Int64

    public init(
        _ kind: Kind, unfinished: [RelayChange] = [], coils: [String: Bool] = [:], powered: Int64 = 0
    ) {
        self.kind = kind
        self.unfinished = unfinished
        self.coils = coils
        self.powered = powered
    }
}
