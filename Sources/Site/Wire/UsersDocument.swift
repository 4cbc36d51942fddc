/// Answer of `/api/v1/users`.
public struct UsersDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var users: [User]

    /// Somebody who may sign in, without what they sign in with.
    public struct User: Codable, Hashable, Sendable {
        public var name: UserName
        public var role: Role
        public var disabled: Bool
        public var created: String
        /// nil for somebody who has never signed in.
        public var lastLogin: String?
        public var secondFactor: Bool
    }

    public init(_ accounts: [Account]) {
        users = accounts.map { account in
            User(
                name: account.name, role: account.role, disabled: account.isDisabled,
                created: ISO8601.string(milliseconds: account.created),
                lastLogin: account.lastLogin.map { ISO8601.string(milliseconds: $0) },
                secondFactor: account.secondFactor != nil)
        }
    }
}

/// One change of the users, as it is asked for over the API.
public enum UserChange: Hashable, Sendable {
    case add(name: String, role: Role, password: String)
    /// Another password; all sessions end.
    case password(name: String, password: String)
    case role(name: String, Role)
    case disabled(name: String, Bool)
    /// Another password, and no second factor any more.
    case reset(name: String, password: String)
    case remove(name: String)
}

/// Answer of `/api/v1/audit`, oldest first.
public struct AuditDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var entries: [Entry]
    /// Where the chain of entries is broken, in sentences; empty when nothing was altered.
    public var faults: [String]
    /// Ask again from this sequence to go on; nil when this is all.
    public var next: Int64?

    /// Who did what, when and from where.
    public struct Entry: Codable, Hashable, Sendable {
        public var id: RowID
        public var time: String
        /// Left out when it is true.
        public var clockTrusted: Bool?
        public var actor: String
        public var origin: String
        public var action: String
        public var subject: String
        public var details: String?
        /// SHA-256 of the digest before and of this entry, in hexadecimal digits.
        public var digest: String
    }

    public init(_ entries: [RecordedAuditEntry], faults: [String], next: Int64? = nil) {
        self.entries = entries.map { recorded in
            let entry = recorded.entry
            return Entry(
                id: recorded.id, time: ISO8601.string(milliseconds: entry.time.wall),
                clockTrusted: entry.time.isTrusted ? nil : false, actor: entry.actor, origin: entry.origin,
                action: entry.action.description, subject: entry.subject, details: entry.details,
                digest: recorded.digest.map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }.joined())
        }
        self.faults = faults
        self.next = next
    }
}
