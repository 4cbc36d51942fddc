/// One browser that is signed in.
public struct Session: Hashable, Sendable {
    public let id: Int64
    public let account: Int64
    /// SHA-256 of the cookie's secret: whoever reads the file cannot sign in with it.
    public var hash: [UInt8]
    /// When it began, when it was last used, and when the password was last given; of one boot, because the wall clock
    /// of a unit may be set by years.
    public var begun: Timestamp
    public var seen: Timestamp
    public var authenticated: Timestamp
    /// From where, and with what, as the browser says it.
    public var address: String
    public var agent: String

    public init(
        id: Int64, account: Int64, hash: [UInt8], begun: Timestamp, seen: Timestamp, authenticated: Timestamp,
        address: String, agent: String
    ) {
        self.id = id
        self.account = account
        self.hash = hash
        self.begun = begun
        self.seen = seen
        self.authenticated = authenticated
        self.address = address
        self.agent = agent
    }

    /// Without a request for so long, it ends.
    public static let mostIdle = Duration.seconds(30 * 60)
    /// After so long it ends in any case.
    public static let longest = Duration.seconds(12 * 3600)

    /// For so long after the password was given nobody is asked for it again.
    public static let freshness = Duration.seconds(5 * 60)

    /// Whether the password was given just now.
    public func isFresh(at time: Timestamp) -> Bool {
        time.boot == authenticated.boot
            && time.monotonic - authenticated.monotonic <= Self.freshness.components.seconds * 1000
    }

    /// Whether it has ended by itself; with the boot it began in, too.
    public func isOver(at time: Timestamp) -> Bool {
        guard time.boot == begun.boot else { return true }
        return time.monotonic - seen.monotonic > Self.mostIdle.components.seconds * 1000
            || time.monotonic - begun.monotonic > Self.longest.components.seconds * 1000
    }
}

/// A program that may use the API in somebody's name.
public struct APIToken: Hashable, Sendable {
    public let id: Int64
    public let account: Int64
    /// SHA-256 of the secret.
    public var hash: [UInt8]
    /// What its owner calls it.
    public var name: String
    /// No more than this, and no more than its owner may.
    public var role: Role
    /// Wall milliseconds.
    public var created: Int64
    public var expires: Int64?
    public var lastUse: Int64?

    public init(
        id: Int64, account: Int64, hash: [UInt8], name: String, role: Role, created: Int64, expires: Int64? = nil,
        lastUse: Int64? = nil
    ) {
        self.id = id
        self.account = account
        self.hash = hash
        self.name = name
        self.role = role
        self.created = created
        self.expires = expires
        self.lastUse = lastUse
    }
}
