public import Site

/// Who comes in, as whom, and for how long.
///
/// Holds all of it in memory and writes it through. Where nothing can be written, on a full card, whoever has an account
/// still comes in: the way in is needed most then.
public actor Accounts {
    /// What somebody gets who has come in.
    public struct Admission: Sendable {
        /// The cookie's value; shown once.
        public let secret: String
        public let session: Session
    }

    private let store: any AccountStore
    private let setup: SetupSecret
    private let rule: PasswordRule
    let now: @Sendable () -> Timestamp
    private let hasher: PasswordHasher
    private(set) var book = AccountBook()
    private var throttle = LoginThrottle()
    /// Hashes that are waited for.
    private var hashing = 0

    /// So many may wait for a hash; one more is told to come back.
    private static let mostHashing = 8
    /// How far the stored time of the last use may lag behind, in milliseconds.
    private static let lag: Int64 = 300_000

    public init(
        _ store: any AccountStore, setup: SetupSecret, rule: PasswordRule, cost: PasswordHash.Cost = .standard,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.setup = setup
        self.rule = rule
        self.now = now
        hasher = PasswordHasher(cost: cost)
    }

    /// Reads what is stored; sessions that are over are left behind.
    public func load() async throws {
        book = try await store.book()
        let time = now()
        for session in book.sessions.values where session.isOver(at: time) { book.apply(.sessionEnded(session.id)) }
    }

    /// Whether there is anybody who may sign in.
    public var isSetUp: Bool { !book.accounts.isEmpty }

    // MARK: Coming in

    /// Makes the first user, an admin, for whoever has the setup token, which is of no use afterwards.
    public func setUp(token: String, name: String, password: String, from origin: Origin) async throws -> Admission {
        guard !isSetUp else { throw Problem.setUpAlready }
        try admitAttempt(of: "", from: origin)
        guard try await setup.admits(token) else {
            try? await store.write([], audit: [entry(.setUpRefused, "", origin)])
            throw Problem(
                status: 403, code: "setup.refused",
                detail: "This is not the setup token of this unit. It stands on the label and on the installer's sheet."
            )
        }
        guard let name = UserName(name) else { throw Problem.userName }
        try require(password, of: name)
        let hash = try await hash(password)
        guard !isSetUp else { throw Problem.setUpAlready }
        let time = now()
        let account = Account(
            id: book.nextAccount, name: name, role: .admin, password: hash.text, created: time.wall,
            lastLogin: time.wall)
        var origin = origin
        origin.actor = name.description
        let (admission, change) = open(account, origin)
        try await commit([.account(account), change], [entry(.setUp, name.description, origin)])
        try await setup.forget()
        throttle.succeeded(account: "", from: origin, at: time.monotonic)
        return admission
    }

    /// Lets somebody in who knows name and password, and the code when there is a second factor.
    ///
    /// - Throws: `Problem` 401 `login.failed`, the same whatever is wrong; 401 `login.code` when only the code is
    ///   missing or wrong; 429 `login.throttled`, `login.busy`.
    public func signIn(name: String, password: String, code: String?, from origin: Origin) async throws -> Admission {
        let known = UserName(name).flatMap { book.account($0) }
        let tried = known?.name.description ?? "?"
        var origin = origin
        origin.actor = tried
        do {
            try admitAttempt(of: UserName(name)?.description ?? "", from: origin)
        } catch {
            try? await store.write([], audit: [entry(.loginThrottled, tried, origin)])
            throw error
        }
        let hash = known.flatMap { $0.isDisabled ? nil : PasswordHash($0.password) }
        guard try await matches(password, hash), var account = known.flatMap({ book.accounts[$0.id] }) else {
            try? await store.write([], audit: [entry(.loginFailed, tried, origin)])
            throw Problem(
                status: 401, code: "login.failed", detail: "Name or password is wrong."
            )
        }
        let time = now()
        if let factor = account.secondFactor {
            guard let used = Self.use(code ?? "", of: factor, at: time.wall / 1000) else {
                let isMissing = code?.isEmpty ?? true
                if !isMissing { try? await store.write([], audit: [entry(.loginFailed, tried, origin, "wrong code")]) }
                throw Problem(
                    status: 401, code: "login.code",
                    detail: isMissing
                        ? "This account has a second factor. Give the code that the app shows, or a recovery code."
                        : "The code is wrong or was used. Wait for the next one.")
            }
            account.secondFactor = used
        }
        if let hash, hash.isCheaper(than: hasher.cost) { account.password = try await self.hash(password).text }
        account.lastLogin = time.wall
        throttle.succeeded(account: account.name.description, from: origin, at: time.monotonic)
        let (admission, change) = open(account, origin)
        do {
            try await commit([.account(account), change], [entry(.loginSucceeded, tried, origin)])
        } catch {
            // Kept in memory: a full card keeps nobody out.
            book.apply(.account(account))
            book.apply(change)
        }
        return admission
    }

    // MARK: Being in

    /// Whom a cookie's value vouches for; nil when it is none, or its session is over.
    public func signedIn(cookie: some StringProtocol) async -> SignedIn? {
        guard let secret = AccessSecret(cookie), var session = book.session(hash: secret.hash),
            let account = book.accounts[session.account], !account.isDisabled
        else { return nil }
        let time = now()
        guard !session.isOver(at: time) else {
            await note(.sessionEnded(session.id), isStored: true)
            return nil
        }
        let before = session.seen.monotonic
        session.seen = time
        await note(.session(session), isStored: before / Self.lag != time.monotonic / Self.lag)
        return SignedIn(
            account: account.id, name: account.name, role: account.role, proof: .session(session.id),
            authenticated: session.authenticated.monotonic, formToken: secret.formToken)
    }

    /// Whom an API token vouches for; nil when it is none, or has expired.
    public func signedIn(token: some StringProtocol) async -> SignedIn? {
        guard let secret = AccessSecret(token), var token = book.token(hash: secret.hash),
            let account = book.accounts[token.account], !account.isDisabled
        else { return nil }
        let time = now().wall
        guard token.expires.map({ time < $0 }) ?? true else { return nil }
        let before = token.lastUse ?? 0
        token.lastUse = time
        await note(.token(token), isStored: before / Self.lag != time / Self.lag)
        return SignedIn(
            account: account.id, name: account.name, role: min(token.role, account.role), proof: .token(token.id),
            authenticated: nil, formToken: nil)
    }

    /// Takes over what a use has changed; on the card it may lag behind, or be missing.
    private func note(_ change: AccountBook.Change, isStored: Bool) async {
        book.apply(change)
        if isStored { try? await store.write([change], audit: []) }
    }

    /// Notes that the password was given again.
    ///
    /// - Throws: `Problem` 403 `login.failed`; 429 after too many attempts.
    public func confirm(_ password: String, of visitor: SignedIn, from origin: Origin) async throws {
        try admitAttempt(of: visitor.name.description, from: origin)
        let hash = book.accounts[visitor.account].flatMap { PasswordHash($0.password) }
        guard try await matches(password, hash) else {
            try? await store.write([], audit: [entry(.loginFailed, visitor.name.description, origin)])
            throw Problem(
                status: 403, code: "login.failed", detail: "The present password is wrong; nothing was changed.")
        }
        let time = now()
        throttle.succeeded(account: visitor.name.description, from: origin, at: time.monotonic)
        guard case .session(let id) = visitor.proof, var session = book.sessions[id] else { return }
        session.authenticated = time
        await note(.session(session), isStored: true)
    }

    /// Ends a session.
    public func end(session id: Int64, by origin: Origin) async throws {
        guard let session = book.sessions[id], let account = book.accounts[session.account] else { return }
        try await commit([.sessionEnded(id)], [entry(.loggedOut, account.name.description, origin)])
    }

    // MARK: Inside

    private func admitAttempt(of account: String, from origin: Origin) throws {
        guard let network = origin.network else { return }
        if case .wait(let seconds) = throttle.attempt(account: account, from: network, at: now().monotonic) {
            throw Problem(
                status: 429, code: "login.throttled",
                detail: "Too many attempts from here. Try again in \(seconds) s.", retryAfter: seconds)
        }
    }

    private func open(_ account: Account, _ origin: Origin) -> (Admission, AccountBook.Change) {
        let secret = AccessSecret()
        let time = now()
        let session = Session(
            id: book.nextSession, account: account.id, hash: secret.hash, begun: time, seen: time, authenticated: time,
            address: origin.place, agent: origin.agent)
        return (Admission(secret: secret.text, session: session), .session(session))
    }

    func commit(_ changes: [AccountBook.Change], _ entries: [AuditEntry]) async throws {
        try await store.write(changes, audit: entries)
        for change in changes { book.apply(change) }
    }

    func entry(
        _ action: AuditEntry.Action, _ subject: String, _ origin: Origin, _ details: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            time: now(), actor: origin.actor, origin: origin.place, action: action, subject: subject, details: details)
    }

    func require(_ password: String, of name: UserName) throws {
        guard let objection = rule.objection(to: password, of: name) else { return }
        throw Problem(status: 400, code: "password.refused", detail: objection)
    }

    private func matches(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        try await queued { hasher in try await hasher.matches(password, hash) }
    }

    func hash(_ password: String) async throws -> PasswordHash {
        try await queued { hasher in try await hasher.hash(of: password) }
    }

    private func queued<Result: Sendable>(
        _ work: (PasswordHasher) async throws -> Result
    ) async throws -> Result {
        guard hashing < Self.mostHashing else {
            throw Problem(
                status: 429, code: "login.busy", detail: "Too many people sign in at once. Try again in a moment.",
                retryAfter: 5)
        }
        hashing += 1
        defer { hashing -= 1 }
        return try await work(hasher)
    }

    /// The factor with the code used up; nil when the code is wrong.
    private static func use(
        _ code: String, of factor: Account.SecondFactor, at seconds: Int64
    ) -> Account.SecondFactor? {
        var factor = factor
        let typed = code.filter { !$0.isWhitespace && $0 != "-" }
        if let step = TimedCode(secret: factor.secret).step(of: typed, at: seconds, after: factor.lastStep) {
            factor.lastStep = step
            return factor
        }
        guard let index = factor.recovery.firstIndex(of: RecoveryCode.hash(typed)) else { return nil }
        factor.recovery.remove(at: index)
        return factor
    }
}

extension LoginThrottle {
    fileprivate mutating func succeeded(account: String, from origin: Origin, at time: Int64) {
        guard let network = origin.network else { return }
        succeeded(account: account, from: network, at: time)
    }
}

extension Problem {
    static let setUpAlready = Problem(
        status: 410, code: "setup.done", detail: "This unit is set up. Sign in, or ask an admin for an account.")
    static let userName = Problem(
        status: 400, code: "user.name_invalid",
        detail: "A user's name has 1 to 32 characters: small letters, digits, and . _ - but not at the start.")
}
