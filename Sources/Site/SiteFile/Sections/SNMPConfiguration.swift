/// `compatibility.snmp:` relays, inputs and sensors for network management, by SNMPv3 or, only when asked, v2c.
public struct SNMPConfiguration: Hashable, Sendable {
    /// Who is told of changes, unasked.
    public struct Receiver: Hashable, Sendable {
        /// By which version.
        public enum Version: String, Hashable, Sendable, CaseIterable {
            case v3
            case v2c
        }

        public var to: IPAddress
        public var port: Int
        public var version: Version
        /// Said again until it is acknowledged.
        public var isInform: Bool
        /// The receiver's engine ID (RFC 3411, 5): for an inform by v3, which is addressed to it; nil: it is asked for.
        public var engine: String?

        public init(
            to: IPAddress, port: Int = 162, version: Version = .v3, isInform: Bool = false, engine: String? = nil
        ) {
            self.to = to
            self.port = port
            self.version = version
            self.isInform = isInform
            self.engine = engine
        }
    }

    /// Who may ask.
    public var allow: [IPNetwork]
    public var port: Int
    /// The user of SNMPv3: authenticated by SHA-256, encrypted by AES-128.
    public var user: String
    /// Entries of `secrets.yaml` with its two passphrases.
    public var authentication: String
    public var privacy: String
    /// Entry of `secrets.yaml` with the community of SNMPv2c, which can only read; nil: no v2c.
    public var community: String?
    /// Whether the user may switch relays.
    public var mayWrite: Bool
    public var traps: [Receiver]

    public init(
        allow: [IPNetwork], port: Int = Self.standardPort, user: String = "picli", authentication: String,
        privacy: String, community: String? = nil, mayWrite: Bool = false, traps: [Receiver] = []
    ) {
        self.allow = allow
        self.port = port
        self.user = user
        self.authentication = authentication
        self.privacy = privacy
        self.community = community
        self.mayWrite = mayWrite
        self.traps = traps
    }

    public static let standardPort = 161

    /// Where snmpd and the unit meet: snmpd's socket for AgentX, in the directory that it starts from.
    public static let agentSocket = "\(agentDirectory)/agentx"
    public static let agentDirectory = "/run/picli-snmp"
}
