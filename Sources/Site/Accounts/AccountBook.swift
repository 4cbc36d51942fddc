/// Everybody who may come in: users, their sessions and their tokens.
///
/// A few dozen rows: held in memory as a whole, and written through, row by row.
public struct AccountBook: Hashable, Sendable {
    public private(set) var accounts: [Int64: Account] = [:]
    public private(set) var sessions: [Int64: Session] = [:]
    public private(set) var tokens: [Int64: APIToken] = [:]

    /// One row that is new, is another one now, or is gone.
    public enum Change: Hashable, Sendable {
        case account(Account)
        case accountRemoved(Int64)
        case session(Session)
        case sessionEnded(Int64)
        case token(APIToken)
        case tokenRevoked(Int64)
    }

    public init() {}

    /// Takes a change over; with a user go their sessions and tokens.
    ///
    /// - Returns: what else is gone.
    @discardableResult
    public mutating func apply(_ change: Change) -> [Change] {
        switch change {
        case .account(let account): accounts[account.id] = account
        case .session(let session): sessions[session.id] = session
        case .sessionEnded(let id): sessions[id] = nil
        case .token(let token): tokens[token.id] = token
        case .tokenRevoked(let id): tokens[id] = nil
        case .accountRemoved(let id):
            accounts[id] = nil
            let gone =
                sessions.values.filter { $0.account == id }.map { Change.sessionEnded($0.id) }
                + tokens.values.filter { $0.account == id }.map { Change.tokenRevoked($0.id) }
            for change in gone { apply(change) }
            return gone
        }
        return []
    }

    public func account(_ name: UserName) -> Account? { accounts.values.first { $0.name == name } }

    public func session(hash: [UInt8]) -> Session? { sessions.values.first { $0.hash == hash } }

    public func token(hash: [UInt8]) -> APIToken? { tokens.values.first { $0.hash == hash } }

    /// Whether somebody could still change accounts without this one.
    public func hasAdmin(besides id: Int64) -> Bool {
        accounts.values.contains { $0.id != id && $0.role == .admin && !$0.isDisabled }
    }

    /// Numbers that no row has or had while the book is open.
    public var nextAccount: Int64 { (accounts.keys.max() ?? 0) + 1 }
    public var nextSession: Int64 { (sessions.keys.max() ?? 0) + 1 }
    public var nextToken: Int64 { (tokens.keys.max() ?? 0) + 1 }
}
