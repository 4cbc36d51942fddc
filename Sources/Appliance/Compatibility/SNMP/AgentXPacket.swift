/// One packet between an SNMP agent and who knows the objects: AgentX (RFC 2741, 6).
struct AgentXPacket: Hashable, Sendable {
    /// What the agent asks for and what is said to it.
    enum Body: Hashable, Sendable {
        case open(timeout: UInt8, description: String)
        case close(reason: UInt8)
        case register(OID)
        case get([SearchRange])
        case getNext([SearchRange])
        case getBulk(nonRepeaters: Int, repetitions: Int, [SearchRange])
        case testSet([SNMPBinding])
        case commitSet
        case undoSet
        case cleanUpSet
        case notify([SNMPBinding])
        case ping
        case response(error: UInt16, index: UInt16, [SNMPBinding])
        /// One that is not for us, by its type.
        case other(UInt8)
        /// A request with a good header, and with something behind it that cannot be read.
        case unreadable
    }

    /// From where it is searched, and up to where (RFC 2741, 5.2).
    struct SearchRange: Hashable, Sendable {
        var start: OID
        /// Whether `start` itself counts.
        var isIncluded: Bool
        /// Not this one any more; empty for no end.
        var end: OID
    }

    var session: UInt32
    var transaction: UInt32
    var packet: UInt32
    var body: Body

    /// Before the body.
    static let headerLength = 20
    /// More than any request of an agent has; what says that it is longer is no packet.
    ///
    /// A manager's packet has at most 65,507 bytes (UDP), so at most some 9,400 names; an agent that looks for what follows them
    /// says for each where our objects begin and end, which are 96 bytes.
    static let mostBody = 1_048_576
}

/// Bytes that are no packet of AgentX.
struct AgentXError: Error, Hashable, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// Errors of a response (RFC 2741, 6.2.16; RFC 3416, 3).
enum AgentXFault: UInt16, Error, Hashable, Sendable {
    case wrongType = 7
    case wrongValue = 10
    case noCreation = 11
    case resourceUnavailable = 13
    case commitFailed = 14
    case undoFailed = 15
    case notWritable = 17
    /// There is no such session (RFC 2741, 7.1).
    case notOpen = 257
    case parseError = 266
}
