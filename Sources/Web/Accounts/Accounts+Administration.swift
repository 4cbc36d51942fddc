public import Site

/// Users, sessions and tokens, as admins and their owners look after them.
///
/// Each change is in the audit log in the same transaction; the caller has asked whether it may be made.
extension Accounts {
    public var users: [Account] { book.accounts.values.sorted { $0.name.description < $1.name.description } }

    /// As it is now; nil when it was removed meanwhile.
    public func account(of visitor: SignedIn) -> Account? { book.accounts[visitor.account] }

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
        try await require(password, of: name)
        let hash = try await hash(password, for: origin)
        return try await commit {
            guard book.account(name) == nil else { throw Problem.userExists(name) }
            let account = Account(
                id: book.nextAccount, name: name, role: role, password: hash.text, created: now().wall)
            let entries = [entry(.userAdded, name.description, origin, "as \(role)")]
            return (Draft(changes: [.account(account)], entries: entries), account)
        }
    }

    /// Sets another password; all sessions of the user end.
    public func setPassword(of name: String, to password: String, by origin: Origin) async throws {
        try await require(password, of: try account(name).name)
        let hash = try await hash(password, for: origin)
        try await commit {
            var account = try account(name)
            account.password = hash.text
            let entries = [entry(.passwordChanged, account.name.description, origin)]
            return (Draft(changes: [.account(account)] + ended(account), entries: entries), ())
        }
    }

    /// Sets another password, takes the second factor away and lets the user in again: for who has lost both.
    public func reset(_ name: String, password: String, by origin: Origin) async throws {
        try await require(password, of: try account(name).name)
        let hash = try await hash(password, for: origin)
        try await commit {
            var account = try account(name)
            account.password = hash.text
            var entries = [entry(.passwordChanged, account.name.description, origin, "reset")]
            if account.secondFactor != nil {
                entries.append(entry(.secondFactorRemoved, account.name.description, origin))
            }
            if account.isDisabled { entries.append(entry(.userChanged, account.name.description, origin, "enabled")) }
            account.secondFactor = nil
            account.isDisabled = false
            // Whoever had got hold of the password may have made tokens.
            let tokens = tokens(of: account.id)
            entries += tokens.map { entry(.tokenRevoked, $0.name, origin) }
            let revoked = tokens.map { AccountBook.Change.tokenRevoked($0.id) }
            return (Draft(changes: [.account(account)] + ended(account) + revoked, entries: entries), ())
        }
    }

    /// Changes what a user may do; all sessions of the user end.
    ///
    /// - Throws: `Problem` 409 when nobody would be left who could change accounts.
    public func change(_ name: String, role: Role? = nil, isDisabled: Bool? = nil, by origin: Origin) async throws {
        let words = [role.map { "role \($0)" }, isDisabled.map { $0 ? "disabled" : "enabled" }].compactMap(\.self)
        try await commit {
            var account = try account(name)
            if let role { account.role = role }
            if let isDisabled { account.isDisabled = isDisabled }
            if account.role != .admin || account.isDisabled { try requireAdmin(besides: account.id) }
            let entries = [entry(.userChanged, account.name.description, origin, words.joined(separator: ", "))]
            // Putting somebody out holds on a full card, too.
            return (
                Draft(
                    changes: [.account(account)] + ended(account), entries: entries, holdsUnstored: isDisabled == true),
                ()
            )
        }
    }

    /// Removes a user with all sessions and tokens.
    ///
    /// - Throws: `Problem` 409 when nobody would be left who could change accounts.
    public func remove(_ name: String, by origin: Origin) async throws {
        try await commit {
            let account = try account(name)
            try requireAdmin(besides: account.id)
            var copy = book
            let gone = copy.apply(.accountRemoved(account.id))
            let entries = [entry(.userRemoved, account.name.description, origin)]
            return (
                Draft(changes: gone + [.accountRemoved(account.id)], entries: entries, holdsUnstored: true), ()
            )
        }
    }

    /// Makes a token; its secret is shown once.
    ///
    /// - Throws: `Problem` 400 for one that may not be, 409 for a name that another one of its owner has.
    public func makeToken(
        _ title: String, of id: Int64, role: Role, expires: Int64?, by origin: Origin
    ) async throws -> (token: APIToken, secret: String) {
        let secret = AccessSecret()
        let token = try await commit {
            guard let account = book.accounts[id], role <= account.role, !title.isEmpty, title.utf8.count <= 64,
                !title.unicodeScalars.contains(where: \.isControl),
                tokens(of: id).count < Self.mostTokens
            else {
                throw Problem(
                    status: 400, code: "token.invalid",
                    detail: """
                        A token needs a name of 64 bytes at most, without control characters, may do no more than its owner, and there may be \
                        \(Self.mostTokens) of one owner.
                        """)
            }
            guard !tokens(of: id).contains(where: { $0.name == title }) else {
                throw Problem(
                    status: 409, code: "token.exists",
                    detail: "There is a token \(title) already. Revoke it first, or give this one another name.")
            }
            let token = APIToken(
                id: book.nextToken, account: id, hash: secret.hash, name: title, role: role, created: now().wall,
                expires: expires)
            return (
                Draft(changes: [.token(token)], entries: [entry(.tokenCreated, title, origin, "as \(role)")]), token
            )
        }
        return (token, secret.text)
    }

    private static var mostTokens: Int { 50 }

    /// Ends a token, and with it what uses it.
    public func revoke(token id: Int64, by origin: Origin) async throws {
        try await commit {
            guard let token = book.tokens[id] else { return (Draft(changes: []), ()) }
            let entries = [entry(.tokenRevoked, token.name, origin)]
            return (Draft(changes: [.tokenRevoked(id)], entries: entries, holdsUnstored: true), ())
        }
    }

    /// Ends one of the sessions of an account.
    ///
    /// - Throws: `Problem` 404 when the number is of none of them.
    public func end(session number: String, of account: Int64, by origin: Origin) async throws {
        guard let id = Int64(number), book.sessions[id]?.account == account else {
            throw Problem(status: 404, code: "session.unknown", detail: "There is no such session: it is over already.")
        }
        try await end(session: id, by: origin)
    }

    /// Revokes one of the tokens of an account.
    ///
    /// - Throws: `Problem` 404 when the number is of none of them.
    public func revoke(token number: String, of account: Int64, by origin: Origin) async throws {
        guard let id = Int64(number), book.tokens[id]?.account == account else {
            throw Problem(status: 404, code: "token.unknown", detail: "There is no such token: it is revoked already.")
        }
        try await revoke(token: id, by: origin)
    }

    /// - Throws: `Problem` 404 for a name that nobody has, with the one that may be meant.
    public func account(_ name: String) throws -> Account {
        guard let name = UserName(name), let account = book.account(name) else {
            let near = Suggestion.nearest(to: name, in: book.accounts.values.map(\.name.description))
            throw Problem(
                status: 404, code: "user.unknown",
                detail: "There is no user \(name.prefix(64))\(near.map { "; did you mean \($0)?" } ?? ".")")
        }
        return account
    }

    func ended(_ account: Account) -> [AccountBook.Change] {
        book.sessions.values.filter { $0.account == account.id }.map { .sessionEnded($0.id) }
    }

    /// Of an admin who may sign in one more has to be there; others can go.
    private func requireAdmin(besides id: Int64) throws {
        guard let account = book.accounts[id], account.role == .admin, !account.isDisabled else { return }
        guard !book.hasAdmin(besides: id) else { return }
        throw Problem(
            status: 409, code: "user.last_admin",
            detail: "\(account.name) is the last admin who may sign in. Make somebody else an admin before.")
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { [.control, .format].contains(properties.generalCategory) }
}
