/// Who did what, when and from where: one entry of a log to which is only added.
public struct AuditEntry: Hashable, Sendable, Codable {
    /// What was done: `login.succeeded`, `user.added`.
    public struct Action: Hashable, Sendable, TextCodable {
        public let description: String

        public init(_ text: String) { description = text }
    }

    public var time: Timestamp
    /// The user's name, with the token's behind where one was shown, `root` and its like for who came by the control
    /// socket, or as what somebody tried to sign in.
    public var actor: String
    /// An IP address, or `control socket`.
    public var origin: String
    public var action: Action
    /// What it was done to: a user's or a token's name.
    public var subject: String
    /// More about it, in words.
    public var details: String?

    public init(
        time: Timestamp, actor: String, origin: String, action: Action, subject: String, details: String? = nil
    ) {
        self.time = time
        self.actor = actor
        self.origin = origin
        self.action = action
        self.subject = subject
        self.details = details
    }
}

extension AuditEntry {
    /// `anna`, and `anna (token nemo)` of what came with a token of hers: `AuditQuery.who` finds it by either name.
    ///
    /// - Parameter token: What its owner calls it; nil for a session.
    public static func actor(_ name: UserName, token: String?) -> String {
        token.map { "\(name)\(tokenMark)\($0))" } ?? name.description
    }

    /// What stands between the names of a user and of a token; no user's name has it in it.
    public static let tokenMark = " (token "
}

extension AuditEntry.Action {
    public static let setUp = Self("setup.completed")
    public static let setUpRefused = Self("setup.refused")
    public static let loginSucceeded = Self("login.succeeded")
    public static let loginFailed = Self("login.failed")
    /// The password was given once more.
    public static let loginConfirmed = Self("login.confirmed")
    public static let loginThrottled = Self("login.throttled")
    public static let loggedOut = Self("session.ended")
    public static let userAdded = Self("user.added")
    public static let userChanged = Self("user.changed")
    public static let userRemoved = Self("user.removed")
    public static let passwordChanged = Self("password.changed")
    public static let secondFactorSet = Self("second_factor.set")
    public static let secondFactorRemoved = Self("second_factor.removed")
    public static let tokenCreated = Self("token.created")
    public static let tokenRevoked = Self("token.revoked")

    /// All that there are, in the order of a list to choose from.
    public static let all = [
        loginSucceeded, loginFailed, loginConfirmed, loginThrottled, loggedOut, userAdded, userChanged, userRemoved,
        passwordChanged, secondFactorSet, secondFactorRemoved, tokenCreated, tokenRevoked, setUp, setUpRefused,
    ]

    /// What it has in common with others: `login` of `login.failed`.
    public var group: String { String(description.prefix { $0 != "." }) }
}

/// An entry as it is stored: each holds the digest of the one before it, so that none can be altered, removed or put
/// between without a trace.
public struct RecordedAuditEntry: Hashable, Sendable {
    public let id: RowID
    public let entry: AuditEntry
    /// SHA-256 of the digest before it and of this entry.
    public let digest: [UInt8]

    public init(id: RowID, entry: AuditEntry, digest: [UInt8]) {
        self.id = id
        self.entry = entry
        self.digest = digest
    }
}
