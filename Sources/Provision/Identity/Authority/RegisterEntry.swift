import Site

/// One row of the units register: something that was done with the authority, or tried.
public struct RegisterEntry: Hashable, Sendable {
    /// What the row tells of; stable words.
    public enum Event: String, Sendable, CaseIterable {
        /// The authority was made.
        case created
        /// An issuing authority was made for a year.
        case issuing
        case signed
        /// A request was not signed; `code` and `detail` say why.
        case refused
        case revoked
        /// A unit was provisioned; `selfTest` says how that ended.
        case provisioned
    }

    /// Given by the register, rising.
    public internal(set) var number: Int64 = 0
    /// Wall milliseconds.
    public let time: Int64
    public let event: Event
    public var operation = Operation()
    /// The common name: a unit ID, or a host name of a server.
    public var subject: String?
    public var profile: CertificateProfile?
    public var facts = UnitFacts()
    /// `sha256:…` of the public key.
    public var key: String?
    public var serial: String?
    /// The year of the issuing authority.
    public var issuer: String?
    /// Wall milliseconds.
    public var notAfter: Int64?
    public var databases: [String] = []
    /// Why it was refused, as a stable code, or why revoked.
    public var code: String?
    /// The same in a sentence.
    public var detail: String?
    /// In DER; not there in lists.
    var certificate: [UInt8]?

    public init(time: Int64, event: Event, by operation: Operation) {
        self.time = time
        self.event = event
        self.operation = operation
    }
}

/// Who did something with the authority, and how.
public struct Operation: Hashable, Sendable {
    /// The command as it was typed; holds no secret, because no command takes one.
    public var command: String?
    public var user: String?

    public init(command: String? = nil, user: String? = nil) {
        self.command = command
        self.user = user
    }
}

/// What is known of the machine that a certificate is for.
public struct UnitFacts: Hashable, Sendable {
    public var board: BoardSerial?
    public var macs: [String]
    /// What was flashed: a name, a version, a digest.
    public var image: String?
    public var selfTest: String?

    public init(board: BoardSerial? = nil, macs: [String] = [], image: String? = nil, selfTest: String? = nil) {
        self.board = board
        self.macs = macs
        self.image = image
        self.selfTest = selfTest
    }
}
