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

    /// What a change writes.
    struct Draft {
        var changes: [AccountBook.Change]
        var entries: [AuditEntry] = []
        /// Whether it holds where it cannot be stored, as long as the unit runs.
        var holdsUnstored = false
    }

    private let store: any AccountStore
    let setup: SetupSecret
    private let rule: PasswordRule
    let now: @Sendable () -> Timestamp
    let hasher: PasswordHasher
    private(set) var book = AccountBook()
    /// Whether the book is the one that is stored: until it could be read, nobody comes in and nothing is changed.
    private(set) var isLoaded = false
    /// What holds and could not be stored; it goes with the next change that can.
    private var unstored = Draft(changes: [])
    /// Whether all that holds is stored, too.
    public var isStored: Bool { unstored.changes.isEmpty && unstored.entries.isEmpty }
    /// Failed attempts that may still be written down: who fails as often as they like does not fill the card.
    private var noting = Allowance(most: 100, interval: 60_000)
    private var unnoted = 0
    var throttle = LoginThrottle()
    /// Second factors that were shown to a session, and wait for their first code.
    var offered: [Int64: TimedCode] = [:]
    /// Hashes that are waited for.
    private var hashing = 0
    private var isChanging = false
    /// Changes that wait for their turn.
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// So many may wait for a hash; one more is told to come back.
    private static let mostHashing = 8
    /// How far the stored time of the last use may lag behind, in milliseconds.
    private static let lag: Int64 = 300_000
    /// Sessions of one user; one more takes the place of the one that was not used for longest.
    private static let mostSessions = 20
    /// Entries of the audit log that wait for a disk; the newest stay.
    private static let mostUnstored = 200

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

    /// Reads what is stored, unless that was done; what asks for it does so, too, until it can be read.
    public func load() async throws { try await commit { (Draft(changes: []), ()) } }

    /// Whether there is an admin who may sign in: until then the setup token opens the unit.
    ///
    /// - Throws: `Problem` 503 when that cannot be read.
    public func isSetUp() async throws -> Bool {
        if !isLoaded { try await load() }
        return book.hasAdmin(besides: 0)
    }

    /// In the turn of a change.
    private func read() async throws {
        do {
            book = try await store.book()
        } catch {
            throw Problem(
                status: 503, code: "accounts.unreadable",
                detail: "Who may come in cannot be read from the card at present; the unit goes on sensing.",
                retryAfter: 10)
        }
        isLoaded = true
        let time = now()
        for session in book.sessions.values {
            if let account = book.accounts[session.account], let address = IPAddress(session.address) {
                throttle.remember(
                    account: account.name.description, from: LoginNetwork(address), at: time.monotonic)
            }
            guard session.isOver(at: time) else { continue }
            book.apply(.sessionEnded(session.id))
            unstored.changes.append(.sessionEnded(session.id))
        }
        if book.hasAdmin(besides: 0) { try? await setup.forget() }
    }

    // MARK: Being in

    /// Whom a cookie's value vouches for; nil when it is none, or its session is over.
    public func signedIn(cookie: some StringProtocol) async -> SignedIn? {
        guard let secret = AccessSecret(cookie), var session = book.session(hash: secret.hash),
            let account = book.accounts[session.account], !account.isDisabled
        else { return nil }
        let time = now()
        guard !session.isOver(at: time) else {
            try? await commit { (Draft(changes: [.sessionEnded(session.id)], holdsUnstored: true), ()) }
            return nil
        }
        let before = session.seen.monotonic
        session.seen = time
        book.apply(.session(session))
        let visitor = SignedIn(
            account: account.id, name: account.name, role: account.role, proof: .session(session.id),
            isFresh: session.isFresh(at: time), formToken: secret.formToken)
        if before / Self.lag != time.monotonic / Self.lag { await storeUse(ofSession: session.id) }
        return holds(visitor) ? visitor : nil
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
        book.apply(.token(token))
        let visitor = SignedIn(
            account: account.id, name: account.name, role: min(token.role, account.role), proof: .token(token.id),
            isFresh: true, formToken: nil, token: token.name)
        if before / Self.lag != time / Self.lag { await storeUse(ofToken: token.id) }
        return holds(visitor) ? visitor : nil
    }

    /// Whether somebody who came in may still be there, as what they came.
    public func holds(_ visitor: SignedIn) -> Bool {
        guard let account = book.accounts[visitor.account], !account.isDisabled, account.role >= visitor.role else {
            return false
        }
        let time = now()
        return switch visitor.proof {
        case .session(let id): book.sessions[id].map { !$0.isOver(at: time) } ?? false
        case .token(let id): book.tokens[id].map { $0.expires.map { time.wall < $0 } ?? true } ?? false
        }
    }

    /// Ends a session.
    public func end(session id: Int64, by origin: Origin) async throws {
        try await commit {
            guard let session = book.sessions[id], let account = book.accounts[session.account] else {
                return (Draft(changes: []), ())
            }
            let entries = [entry(.loggedOut, account.name.description, origin)]
            return (Draft(changes: [.sessionEnded(id)], entries: entries, holdsUnstored: true), ())
        }
    }

    // MARK: Changes

    /// Makes a change of the book and stores it; one after the other, each from what the one before it has left.
    ///
    /// - Parameter make: What to write, from the book as it is when its turn comes.
    /// - Throws: what `make` throws; `Problem` 503 when it cannot be stored.
    func commit<Result: Sendable>(_ make: () throws -> (Draft, Result)) async throws -> Result {
        while isChanging { await withCheckedContinuation { waiting.append($0) } }
        isChanging = true
        defer {
            isChanging = false
            let next = waiting
            waiting = []
            for one in next { one.resume() }
        }
        if !isLoaded { try await read() }
        let (draft, result) = try make()
        if !draft.changes.isEmpty || !draft.entries.isEmpty {
            do {
                try await store.write(unstored.changes + draft.changes, audit: unstored.entries + draft.entries)
                unstored = Draft(changes: [])
            } catch  where draft.holdsUnstored {
                unstored.changes += draft.changes
                unstored.entries = Array((unstored.entries + draft.entries).suffix(Self.mostUnstored))
            } catch {
                throw Problem(
                    status: 503, code: "accounts.unwritable",
                    detail: "Nothing was changed, because it cannot be stored: \(error)", retryAfter: 60)
            }
        }
        for change in draft.changes { book.apply(change) }
        return result
    }

    /// Notes a failed attempt in the audit log, as long as there are not too many.
    func note(_ action: AuditEntry.Action, _ origin: Origin, _ details: String? = nil) async {
        let time = now().monotonic
        guard noting.wait(at: time) == 0 else {
            unnoted += 1
            return
        }
        noting.take(at: time)
        let more = unnoted > 0 ? "\(unnoted) more were not written down" : nil
        unnoted = 0
        let words = [details, more].compactMap(\.self)
        let entry = entry(action, origin.actor, origin, words.isEmpty ? nil : words.joined(separator: "; "))
        try? await commit { (Draft(changes: [], entries: [entry], holdsUnstored: true), ()) }
    }

    private func storeUse(ofSession id: Int64) async {
        try? await commit { (Draft(changes: book.sessions[id].map { [.session($0)] } ?? [], holdsUnstored: true), ()) }
    }

    private func storeUse(ofToken id: Int64) async {
        try? await commit { (Draft(changes: book.tokens[id].map { [.token($0)] } ?? [], holdsUnstored: true), ()) }
    }

    func entry(
        _ action: AuditEntry.Action, _ subject: String, _ origin: Origin, _ details: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            time: now(), actor: origin.actor, origin: origin.place, action: action, subject: subject, details: details)
    }

    /// A new session, and the end of the oldest when there are too many.
    func open(_ account: Account, _ origin: Origin) -> (Admission, [AccountBook.Change]) {
        let secret = AccessSecret()
        let time = now()
        if let network = origin.network {
            throttle.remember(account: account.name.description, from: network, at: time.monotonic)
        }
        let session = Session(
            id: book.nextSession, account: account.id, hash: secret.hash, begun: time, seen: time, authenticated: time,
            address: origin.place, agent: origin.agent)
        let others = book.sessions.values.filter { $0.account == account.id }
            .sorted { $0.seen.monotonic > $1.seen.monotonic }
        let ended = others.dropFirst(Self.mostSessions - 1).map { AccountBook.Change.sessionEnded($0.id) }
        return (Admission(secret: secret.text, session: session), ended + [.session(session)])
    }

    // MARK: Secrets

    func admitAttempt(of account: String?, from origin: Origin, _ action: AuditEntry.Action) async throws {
        guard let network = origin.network else { return }
        if case .wait(let seconds) = throttle.attempt(account: account, from: network, at: now().monotonic) {
            await note(action, origin, "throttled")
            throw Problem(
                status: 429, code: "login.throttled",
                detail: "Too many attempts from here. Try again in \(seconds) s.", retryAfter: seconds)
        }
    }

    /// - Throws: `Problem` 400 for a password that is not taken.
    func require(_ password: String, of name: UserName) async throws {
        guard let objection = await hasher.objection(by: rule, to: password, of: name) else { return }
        throw Problem(status: 400, code: "password.refused", detail: objection)
    }

    func takeBack(_ account: String?, _ origin: Origin) {
        if let network = origin.network { throttle.takeBack(account: account, from: network) }
    }

    func matches(
        _ password: String, _ hash: PasswordHash?, _ account: String, _ origin: Origin
    ) async throws -> Bool {
        do {
            return try await queued(for: origin) { hasher in try await hasher.matches(password, hash) }
        } catch let problem as Problem {
            // It was not looked at.
            takeBack(account, origin)
            throw problem
        }
    }

    func hash(_ password: String, for origin: Origin) async throws -> PasswordHash {
        try await queued(for: origin) { hasher in try await hasher.hash(of: password) }
    }

    /// - Parameter origin: Who is at the unit itself is not turned away.
    private func queued<Result: Sendable>(
        for origin: Origin, _ work: (PasswordHasher) async throws -> Result
    ) async throws -> Result {
        guard hashing < Self.mostHashing || origin.network == nil else {
            throw Problem(
                status: 429, code: "login.busy", detail: "Too many people sign in at once. Try again in a moment.",
                retryAfter: 5)
        }
        hashing += 1
        defer { hashing -= 1 }
        return try await work(hasher)
    }
}
