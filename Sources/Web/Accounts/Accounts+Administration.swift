public import Site

/// Users, sessions and tokens, as admins and their owners look after them.
///
/// Each change is in the audit log in the same transaction; the caller has asked whether it may be made.
extension Accounts {
    public var users: [Account] { book.accounts.values.sorted { $0.name.description < $1.name.description } }

    public func sessions(of account: Int64) -> [Session] {
        let time = now()
        return book.sessions.values.filter { $0.account == account && !$0.isOver(at: time) }
            .sorted { $0.seen.monotonic > $1.seen.monotonic }
    }

    public func tokens(of account: Int64) -> [APIToken] {
        book.tokens.values.filter { $0.account == account }.sorted { $0.id < $1.id }
    }

    /// - Throws: `Problem` 400 for a name or a password that is not taken, 409 for a name that is.
    @discardableResult
    public func add(_ name: String, role: Role, password: String, by origin: Origin) async throws -> Account {
        guard let name = UserName(name) else { throw Problem.userName }
        try require(password, of: name)
        let hash = try await hash(password)
        guard book.account(name) == nil else {
            throw Problem(status: 409, code: "user.exists", detail: "There is a user \(name).")
        }
        let account = Account(
            id: book.nextAccount, name: name, role: role, password: hash.text, created: now().wall)
        try await commit([.account(account)], [entry(.userAdded, name.description, origin, "as \(role)")])
        return account
    }

    /// Sets another password; all sessions of the user end.
    public func setPassword(of name: String, to password: String, by origin: Origin) async throws {
        var account = try account(name)
        try require(password, of: account.name)
        account.password = try await hash(password).text
        try await commit(
            [.account(account)] + ended(account), [entry(.passwordChanged, account.name.description, origin)])
    }

    /// Sets another password, and takes the second factor away: for who has lost both.
    public func reset(_ name: String, password: String, by origin: Origin) async throws {
        var account = try account(name)
        try require(password, of: account.name)
        account.password = try await hash(password).text
        account.secondFactor = nil
        account.isDisabled = false
        let entries = [
            entry(.passwordChanged, account.name.description, origin),
            entry(.secondFactorRemoved, account.name.description, origin),
        ]
        try await commit([.account(account)] + ended(account), entries)
    }

    /// Changes what a user may do; all sessions of the user end.
    ///
    /// - Throws: `Problem` 409 when nobody would be left who could change accounts.
    public func change(_ name: String, role: Role? = nil, isDisabled: Bool? = nil, by origin: Origin) async throws {
        var account = try account(name)
        if let role { account.role = role }
        if let isDisabled { account.isDisabled = isDisabled }
        if account.role != .admin || account.isDisabled { try requireAdmin(besides: account) }
        let words = [role.map { "role \($0)" }, isDisabled.map { $0 ? "disabled" : "enabled" }].compactMap(\.self)
        try await commit(
            [.account(account)] + ended(account),
            [entry(.userChanged, account.name.description, origin, words.joined(separator: ", "))])
    }

    /// Removes a user with all sessions and tokens.
    ///
    /// - Throws: `Problem` 409 when nobody would be left who could change accounts.
    public func remove(_ name: String, by origin: Origin) async throws {
        let account = try account(name)
        try requireAdmin(besides: account)
        var copy = book
        let gone = copy.apply(.accountRemoved(account.id))
        try await commit(
            gone + [.accountRemoved(account.id)], [entry(.userRemoved, account.name.description, origin)])
    }

    /// Makes a token; its secret is shown once.
    public func makeToken(
        _ title: String, of id: Int64, role: Role, expires: Int64?, by origin: Origin
    ) async throws -> (token: APIToken, secret: String) {
        guard let account = book.accounts[id], role <= account.role, !title.isEmpty, title.utf8.count <= 64 else {
            throw Problem(
                status: 400, code: "token.invalid",
                detail: "A token needs a name of 64 bytes at most, and may do no more than its owner.")
        }
        let secret = AccessSecret()
        let token = APIToken(
            id: book.nextToken, account: id, hash: secret.hash, name: title, role: role, created: now().wall,
            expires: expires)
        try await commit([.token(token)], [entry(.tokenCreated, title, origin, "as \(role)")])
        return (token, secret.text)
    }

    public func revoke(token id: Int64, by origin: Origin) async throws {
        guard let token = book.tokens[id] else { return }
        try await commit([.tokenRevoked(id)], [entry(.tokenRevoked, token.name, origin)])
    }

    private func account(_ name: String) throws -> Account {
        guard let name = UserName(name), let account = book.account(name) else {
            throw Problem(status: 404, code: "user.unknown", detail: "There is no user \(name.prefix(64)).")
        }
        return account
    }

    private func ended(_ account: Account) -> [AccountBook.Change] {
        book.sessions.values.filter { $0.account == account.id }.map { .sessionEnded($0.id) }
    }

    private func requireAdmin(besides account: Account) throws {
        guard !book.hasAdmin(besides: account.id) else { return }
        throw Problem(
            status: 409, code: "user.last_admin",
            detail: "\(account.name) is the last admin who may sign in. Make somebody else an admin before.")
    }
}
