/// One round of pings of a relay's watchdog, as whoever pinged brings it back.
public struct PingRound: Hashable, Sendable, Codable {
    /// What became of one target.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case answered
        /// It was asked and did not answer in time.
        case silent
        /// It was not asked: no name, no address, no socket. Says nothing about the load.
        case notAsked
    }

    /// What a round says.
    public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        /// The load does its work.
        case good
        /// As many targets as it takes were silent.
        case bad
        /// The unit's own cable, its own network or its own pinger was the fault: counts as nothing.
        case void
    }

    public var relay: String
    /// The round's number, as it was asked for.
    public var number: Int64
    /// By target, each name as in the question.
    public var outcomes: [String: Outcome]
    /// Whether our own interface has a carrier; nil when nobody can tell.
    public var hasCarrier: Bool?

    public init(relay: String, number: Int64, outcomes: [String: Outcome], hasCarrier: Bool?) {
        self.relay = relay
        self.number = number
        self.outcomes = outcomes
        self.hasCarrier = hasCarrier
    }
}
