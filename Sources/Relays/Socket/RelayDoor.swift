public import Platform
public import Site

/// The one door to the relays: to the owner of the lines in its own process, or in this one.
public protocol RelayDoor: Sendable {
    /// How all relays stand.
    func overview() async throws -> RelayOverview

    /// Asks for a change, and waits until it is done, held or refused.
    ///
    /// - Throws: `RelayNotSent` when nothing has reached the owner; after anything else it may have been done.
    func command(_ request: RelayRequest) async throws -> RelayAnswer

    /// Tells the owner what it cannot see for itself.
    func tell(_ fact: RelayFact) async throws

    /// What was noted after a cursor, oldest first; for the journal, which keeps it.
    func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage

    /// What changes from now on; begins with all relays as they stand. Ends when the owner does: ask again.
    func updates() async throws -> AsyncThrowingStream<RelayUpdate, any Error>

    /// Has the site file read again; lines that it does not change are not touched.
    func reload() async throws
}

/// A command that has not reached the owner of the lines: nothing was done.
public struct RelayNotSent: Error, Hashable, Sendable {
    /// Why, for people.
    public let failure: Failure

    public init(_ failure: Failure) { self.failure = failure }
}

/// How all relays stand, and their owner.
public struct RelayOverview: Hashable, Sendable, Codable {
    /// In the order of the site file.
    public var relays: [RelayStatus]
    /// After what the owner has started.
    public var start: RelayStart.Kind
    /// Why the site file in force is not the present one; nil when it is.
    public var siteProblem: String?
    /// Why no schedule acts; nil when they do, or where there is none.
    public var zoneProblem: String?
    /// Why the card does not take intents; nil while it does.
    public var cardProblem: String?
    /// That of the owner's program; nil for one that does not say.
    public var version: String?

    public init(
        relays: [RelayStatus], start: RelayStart.Kind, siteProblem: String? = nil, zoneProblem: String? = nil,
        cardProblem: String? = nil, version: String? = nil
    ) {
        self.relays = relays
        self.start = start
        self.siteProblem = siteProblem
        self.zoneProblem = zoneProblem
        self.cardProblem = cardProblem
        self.version = version
    }
}

/// What the owner of the lines is told by those who can see it.
public enum RelayFact: Hashable, Sendable {
    /// A round of pings came back.
    case pinged(PingRound)
    /// The wall clock was set by a source that is trusted, or is not trusted any more.
    case clock(isTrusted: Bool)
}

/// Something new about the relays.
public enum RelayUpdate: Hashable, Sendable {
    case status(RelayStatus)
    /// Somebody who can is to ping these, and to tell the answer within 30 s.
    case ping(PingQuestion)
    /// There are entries to read: `intents`.
    case recorded
    /// The site file in force is another one: ask for the overview.
    case reloaded
}
