import Site

/// Coming in: the first one of all, and whoever knows name and password.
extension Accounts {
    /// Makes the first user, an admin, for whoever has the setup token, which is of no use afterwards.
    public func setUp(token: String, name: String, password: String, from origin: Origin) async throws -> Admission {
        guard try await !isSetUp() else { throw Problem.setUpAlready }
        try await admitAttempt(of: nil, from: origin, .setUpRefused)
        guard try await setup.admits(token) else {
            await note(.setUpRefused, origin)
            throw Problem(
                status: 403, code: "setup.refused",
                detail: "This is not the setup token of this unit. It stands on the label and on the installer's sheet."
            )
        }
        takeBack(nil, origin)
        guard let name = UserName(name) else { throw Problem.userName }
        try await require(password, of: name)
        let hash = try await hash(password, for: origin)
        var origin = origin
        origin.actor = name.description
        let admission = try await commit { [origin] in
            guard !book.hasAdmin(besides: 0) else { throw Problem.setUpAlready }
            guard book.account(name) == nil else { throw Problem.userExists(name) }
            let wall = now().wall
            let account = Account(
                id: book.nextAccount, name: name, role: .admin, password: hash.text, created: wall, lastLogin: wall)
            let (admission, opened) = open(account, origin)
            let entries = [entry(.setUp, name.description, origin)]
            return (Draft(changes: [.account(account)] + opened, entries: entries), admission)
        }
        // There is somebody now: the token opens nothing any more, whether or not its hash can be removed.
        try? await setup.forget()
        return admission
    }

    /// Lets somebody in who knows name and password, and the code when there is a second factor.
    ///
    /// - Throws: `Problem` 401 `login.failed`, the same whatever is wrong; 401 `login.code` when only the code is
    ///   missing or wrong; 429 `login.throttled`, `login.busy`.
    public func signIn(name: String, password: String, code: String?, from origin: Origin) async throws -> Admission {
        if !isLoaded { try await load() }
        let known = UserName(name).flatMap { book.account($0) }
        var origin = origin
        // What was typed as a name may be a password, and is written down only where it is one.
        origin.actor = known?.name.description ?? "?"
        let guessed = UserName(name)?.description ?? ""
        try await admitAttempt(of: guessed, from: origin, .loginThrottled)
        let hash = known.flatMap { $0.isDisabled ? nil : PasswordHash($0.password) }
        guard try await matches(password, hash, guessed, origin), let hash, let known else {
            await note(.loginFailed, origin)
            throw Problem.loginFailed
        }
        let renewed =
            hash.isCheaper(than: hasher.cost) ? try await self.hash(password, for: origin).text : known.password
        do {
            return try await admit(known, code: code, renewed: renewed, origin)
        } catch let problem as Problem where problem.status == 401 {
            await note(.loginFailed, origin, problem.code == "login.code" ? Self.detail(of: code ?? "") : nil)
            throw problem
        }
    }

    private func admit(
        _ known: Account, code: String?, renewed: String, _ origin: Origin
    ) async throws -> Admission {
        try await commit {
            // Meanwhile the user may have got another password, or be kept out.
            guard var account = book.accounts[known.id], !account.isDisabled, account.password == known.password else {
                throw Problem.loginFailed
            }
            let time = now()
            if let factor = account.secondFactor {
                account.secondFactor = try Self.use(code ?? "", of: factor, at: time)
            }
            account.password = renewed
            account.lastLogin = time.wall
            throttle.succeeded(account: account.name.description, from: origin, at: time.monotonic)
            let (admission, opened) = open(account, origin)
            let entries = [entry(.loginSucceeded, origin.actor, origin)]
            return (
                Draft(changes: [.account(account)] + opened, entries: entries, holdsUnstored: true), admission
            )
        }
    }

    /// What the audit log says of a right password that was not enough.
    static func detail(of code: String) -> String {
        code.isEmpty ? "right password, the code is asked for" : "right password, wrong code"
    }

    /// The factor with the code used up.
    static func use(
        _ code: String, of factor: Account.SecondFactor, at time: Timestamp
    ) throws -> Account.SecondFactor {
        var factor = factor
        let typed = code.filter { !$0.isWhitespace && $0 != "-" }
        guard !typed.isEmpty else { throw Problem.codeMissing }
        if let step = TimedCode(secret: factor.secret).step(of: typed, at: time.wall / 1000, after: factor.lastStep) {
            factor.lastStep = step
            return factor
        }
        guard let index = factor.recovery.firstIndex(of: RecoveryCode.hash(typed)) else {
            throw Problem.codeWrong(at: time)
        }
        factor.recovery.remove(at: index)
        return factor
    }
}

extension LoginThrottle {
    mutating func succeeded(account: String, from origin: Origin, at time: Int64) {
        guard let network = origin.network else { return }
        succeeded(account: account, from: network, at: time)
    }
}

extension Problem {
    static let setUpAlready = Problem(
        status: 410, code: "setup.done", detail: "This unit is set up. Sign in, or ask an admin for an account.")
    static let userName = Problem(
        status: 400, code: "user.name_invalid",
        detail: "A user's name has 1 to 32 characters: a to z, digits, and . _ - but not at the start.")
    static func userExists(_ name: UserName) -> Problem {
        Problem(status: 409, code: "user.exists", detail: "There is a user \(name).")
    }

    static let loginFailed = Problem(status: 401, code: "login.failed", detail: "Name or password is wrong.")
    static let codeMissing = Problem(
        status: 401, code: "login.code",
        detail: "This account has a second factor. Give the code that the app shows, or a recovery code.")
    static func codeWrong(at time: Timestamp) -> Problem {
        let rest =
            time.isTrusted
            ? "Wait for the next one." : "The clock of the unit is not set, so that no code fits: use a recovery code."
        return Problem(status: 401, code: "login.code", detail: "The code is wrong or was used. \(rest)")
    }
}
