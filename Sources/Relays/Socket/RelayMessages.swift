import Platform
import Site

/// One line to the owner of the lines: `{"call":"command","id":7,"request":{...}}`.
struct RelayCall: Hashable, Sendable, Codable {
    /// What is asked for.
    enum Name: String, Hashable, Sendable, Codable, CaseIterable {
        case overview, command, tell, intents, updates, reload
    }

    /// Comes back with the answer.
    var id: Int
    var call: Name
    var request: RelayRequest?
    var fact: RelayFact?
    var after: IntentCursor?
    var limit: Int?

    init(
        _ call: Name, request: RelayRequest? = nil, fact: RelayFact? = nil, after: IntentCursor? = nil,
        limit: Int? = nil
    ) {
        id = 1
        self.call = call
        self.request = request
        self.fact = fact
        self.after = after
        self.limit = limit
    }
}

/// One line back: the answer to a call, or an update.
struct RelayReply: Hashable, Sendable, Codable {
    var id: Int?
    var overview: RelayOverview?
    var answer: RelayAnswer?
    var page: IntentPage?
    var update: RelayUpdate?
    var failure: SocketRefusal?
}

extension RelayFact: Codable {
    private enum Key: String, CodingKey {
        case pinged, clockTrusted
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let round = try container.decodeIfPresent(PingRound.self, forKey: .pinged) {
            self = .pinged(round)
        } else {
            self = .clock(isTrusted: try container.decode(Bool.self, forKey: .clockTrusted))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .pinged(let round): try container.encode(round, forKey: .pinged)
        case .clock(let isTrusted): try container.encode(isTrusted, forKey: .clockTrusted)
        }
    }
}

extension RelayUpdate: Codable {
    private enum Key: String, CodingKey {
        case status, ping, news
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let status = try container.decodeIfPresent(RelayStatus.self, forKey: .status) {
            self = .status(status)
        } else if let question = try container.decodeIfPresent(PingQuestion.self, forKey: .ping) {
            self = .ping(question)
        } else {
            self = try container.decode(String.self, forKey: .news) == "reloaded" ? .reloaded : .recorded
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .status(let status): try container.encode(status, forKey: .status)
        case .ping(let question): try container.encode(question, forKey: .ping)
        case .recorded: try container.encode("recorded", forKey: .news)
        case .reloaded: try container.encode("reloaded", forKey: .news)
        }
    }
}
