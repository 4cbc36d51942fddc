public import Site

/// Where users, sessions, tokens and the audit log are kept.
public protocol AccountStore: Sendable {
    /// Everybody who may come in.
    func book() async throws -> AccountBook
    /// Stores changes and what the audit log says of them, all or nothing.
    func write(_ changes: [AccountBook.Change], audit: [AuditEntry]) async throws
}

/// The secret by which the first person comes in, while there is nobody yet.
public struct SetupSecret: Sendable {
    /// Whether it is the one; throws a sentence when there is none.
    let admits: @Sendable (String) async throws -> Bool
    /// Nobody comes in by it any more.
    let forget: @Sendable () async throws -> Void

    public init(
        admits: @escaping @Sendable (String) async throws -> Bool, forget: @escaping @Sendable () async throws -> Void
    ) {
        self.admits = admits
        self.forget = forget
    }
}

/// Who asks, and from where: what the audit log says of a request.
public struct Origin: Hashable, Sendable {
    public var actor: String
    /// An IP address, or `control socket`.
    public var place: String
    /// What the browser calls itself.
    public var agent: String
    /// Where attempts count; nil where nobody guesses: at the control socket.
    var network: LoginNetwork?

    public init(actor: String, address: String, agent: String) {
        let known = IPAddress(address)?.unmapped
        self.actor = actor
        place = known?.dotted ?? address
        self.agent = String(agent.prefix(160))
        network = known.map { LoginNetwork($0) }
    }
}
