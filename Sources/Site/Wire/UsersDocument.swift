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
