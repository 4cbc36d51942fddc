import Site

/// What somebody who is signed in changes of their own account.
extension Accounts {
    /// Changes one's own password; all sessions end.
    ///
    /// - Throws: `Problem` 403 `login.failed` for a wrong present one; 400 for a new one that is not taken; 429 after too
    ///   many attempts.
    public func changePassword(
        of visitor: SignedIn, from present: String, to password: String, by origin: Origin
    ) async throws {
        let origin = counted(visitor, origin)
        let confirmed = try await checked(present, of: visitor, origin)
        throttle.succeeded(account: visitor.name.description, from: origin, at: now().monotonic)
        try await require(password, of: visitor.name)
        let hash = try await hash(password, for: origin)
        try await commit {
            var account = try unchanged(visitor, confirmed)
            account.password = hash.text
            let entries = [entry(.passwordChanged, account.name.description, origin)]
            return (Draft(changes: [.account(account)] + ended(account), entries: entries), ())
        }
    }

    /// Takes the password once more, and with a second factor a code: for five minutes the session is as good as new.
    ///
    /// - Throws: `Problem` 403 `login.failed` for a wrong password; 401 `login.code` when only the code is missing or
    ///   wrong; 429 after too many attempts.
    public func confirm(
        _ visitor: SignedIn, password: String, code: String, by origin: Origin
    ) async throws {
        let origin = counted(visitor, origin)
        let confirmed = try await checked(password, of: visitor, origin)
        guard case .session(let id) = visitor.proof else { return }
        do {
            try await commit {
                var account = try unchanged(visitor, confirmed)
                guard var session = book.sessions[id] else { throw Problem.signedOut }
                let time = now()
                if let factor = account.secondFactor {
                    account.secondFactor = try Self.use(code, of: factor, at: time)
                }
                session.authenticated = time
                throttle.succeeded(account: account.name.description, from: origin, at: time.monotonic)
                let entries = [entry(.loginConfirmed, account.name.description, origin)]
                return (
                    Draft(changes: [.account(account), .session(session)], entries: entries, holdsUnstored: true), ()
                )
            }
        } catch let problem as Problem where problem.code == Problem.codeMissing.code {
            await note(.loginFailed, origin, Self.detail(of: code))
            throw problem
        }
    }

    // MARK: Second factor

    /// The codes that somebody may set as their second factor: the same until one is, or the session ends.
    public func offer(to visitor: SignedIn) -> TimedCode? {
        guard case .session(let id) = visitor.proof, holds(visitor) else { return nil }
        offered = offered.filter { book.sessions[$0.key] != nil }
        let code = offered[id] ?? TimedCode()
        offered[id] = code
        return code
    }

    /// Sets the codes that were offered as the second factor, for whoever shows that their app knows them; all other
    /// sessions end.
    ///
    /// - Returns: Codes for the day on which the phone is lost; they are shown once.
    /// - Throws: `Problem` 400 `second_factor.code` for a wrong code, 409 where there is one already or none was offered.
    public func setSecondFactor(of visitor: SignedIn, code: String, by origin: Origin) async throws -> [String] {
        guard case .session(let id) = visitor.proof, let offer = offered[id] else { throw Problem.notOffered }
        let recovery = RecoveryCode.make()
        try await commit {
            guard var account = book.accounts[visitor.account], account.secondFactor == nil, holds(visitor) else {
                throw Problem.notOffered
            }
            let digits = code.filter { !$0.isWhitespace }
            let time = now()
            guard let step = offer.step(of: digits, at: time.wall / 1000, after: nil) else {
                throw Problem.unknownCode(at: time)
            }
            account.secondFactor = Account.SecondFactor(
                secret: offer.secret, lastStep: step, recovery: recovery.map(RecoveryCode.hash))
            let others = ended(account).filter { $0 != .sessionEnded(id) }
            let entries = [entry(.secondFactorSet, account.name.description, origin)]
            return (Draft(changes: [.account(account)] + others, entries: entries), ())
        }
        offered[id] = nil
        return recovery
    }

    /// Takes one's own second factor away; all other sessions end.
    public func removeSecondFactor(of visitor: SignedIn, by origin: Origin) async throws {
        try await commit {
            guard var account = book.accounts[visitor.account], account.secondFactor != nil, holds(visitor) else {
                return (Draft(changes: []), ())
            }
            account.secondFactor = nil
            let others = ended(account).filter { $0 != .sessionEnded(visitor.proof.session) }
            let entries = [entry(.secondFactorRemoved, account.name.description, origin)]
            return (Draft(changes: [.account(account)] + others, entries: entries), ())
        }
    }

    // MARK: The present password

    /// Attempts of a session count where it began: there the account has ten of its own, and a stolen cookie that wanders
    /// from address to address has no more.
    private func counted(_ visitor: SignedIn, _ origin: Origin) -> Origin {
        guard let session = book.sessions[visitor.proof.session], let address = IPAddress(session.address) else {
            return origin
        }
        var origin = origin
        origin.network = LoginNetwork(address)
        return origin
    }

    /// The stored hash of a password that was right; the attempt stays counted until nothing else is wrong either.
    private func checked(_ password: String, of visitor: SignedIn, _ origin: Origin) async throws -> String {
        let name = visitor.name.description
        try await admitAttempt(of: name, from: origin, .loginThrottled)
        let hash = book.accounts[visitor.account]?.password
        guard let hash, try await matches(password, PasswordHash(hash), name, origin) else {
            await note(.loginFailed, origin)
            throw Problem.presentPasswordWrong
        }
        return hash
    }

    /// The account, unless meanwhile somebody has set another password or put the visitor out.
    private func unchanged(_ visitor: SignedIn, _ hash: String) throws -> Account {
        guard let account = book.accounts[visitor.account], account.password == hash, holds(visitor) else {
            throw Problem.presentPasswordWrong
        }
        return account
    }
}

extension SignedIn.Proof {
    /// 0, which is none, for a token.
    fileprivate var session: Int64 { if case .session(let id) = self { id } else { 0 } }
}

extension Problem {
    fileprivate static let presentPasswordWrong = Problem(
        status: 403, code: "login.failed", detail: "The present password is wrong; nothing was changed.")
    fileprivate static func unknownCode(at time: Timestamp) -> Problem {
        Problem(
            status: 400, code: "second_factor.code",
            detail: """
                This is not the code that the app shows at this moment. The unit's clock says \
                \(ISO8601.string(milliseconds: time.wall)); the phone's may differ by half a minute.
                """)
    }
    fileprivate static let notOffered = Problem(
        status: 409, code: "second_factor.not_offered",
        detail: "There is a second factor already, or this page is too old. Load the page of your account again.")
}
