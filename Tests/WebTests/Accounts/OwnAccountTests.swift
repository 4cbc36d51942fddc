import Site
import Testing

@testable import Web

@Suite("One's own account") struct OwnAccountTests {
    private func signedIn(_ fixture: Fixture) async throws -> (visitor: SignedIn, cookie: String) {
        let admission = try await fixture.setUp()
        return (try #require(await fixture.accounts.signedIn(cookie: admission.secret)), admission.secret)
    }

    @Test("five minutes after the password a session is stale, whatever the clock says, until it is given again")
    func fresh() async throws {
        let fixture = Fixture()
        let (visitor, cookie) = try await signedIn(fixture)
        #expect(visitor.isFresh)
        fixture.time.pass(seconds: 301, wall: -10_000)
        let stale = try #require(await fixture.accounts.signedIn(cookie: cookie))
        #expect(!stale.isFresh)
        #expect(
            await fixture.code {
                try await fixture.accounts.confirm(stale, password: "not hers", code: "", by: Fixture.anna)
            } == "login.failed")
        #expect(try #require(await fixture.accounts.signedIn(cookie: cookie)).isFresh == false)
        try await fixture.accounts.confirm(
            stale, password: Fixture.password, code: "", by: Fixture.anna)
        #expect(try #require(await fixture.accounts.signedIn(cookie: cookie)).isFresh)
        #expect(fixture.memory.entries.map(\.action).suffix(2) == [.loginFailed, .loginConfirmed])
    }

    @Test(
        "what must be fresh asks only those who come in from beyond the site with a session",
        arguments: [(Entrance.secure, false), (.lan, true), (.control, true)])
    func entrances(_ entrance: Entrance, _ isAdmitted: Bool) async throws {
        let fixture = Fixture()
        let (_, cookie) = try await signedIn(fixture)
        fixture.time.pass(seconds: 400)
        let stale = try #require(await fixture.accounts.signedIn(cookie: cookie))
        #expect(Access.freshly(.admin).admits(.account(stale), by: entrance) == isAdmitted)
        let made = try await fixture.accounts.makeToken(
            "script", of: stale.account, role: .operator, expires: nil, by: Fixture.anna)
        let program = try #require(await fixture.accounts.signedIn(token: made.secret))
        #expect(Access.freshly(.operator).admits(.account(program), by: entrance))
        #expect(!Access.freshly(.admin).admits(.account(program), by: entrance), "fresh is no role")
        #expect(!Access.freshly(.viewer).admits(.anonymous, by: entrance))
    }

    @Test("a second factor is set by its first code, asked for from then on, and no code of it is taken twice")
    func secondFactor() async throws {
        let fixture = Fixture()
        let accounts = fixture.accounts
        let (visitor, cookie) = try await signedIn(fixture)
        let other = try await accounts.signIn(
            name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        let early = await fixture.code {
            try await accounts.setSecondFactor(of: visitor, code: "123456", by: Fixture.anna)
        }
        #expect(early == "second_factor.not_offered")
        let offered = try #require(await accounts.offer(to: visitor))
        #expect(await accounts.offer(to: visitor) == offered, "a page that is loaded again shows the same")
        #expect(
            offered.uri(of: visitor.name, at: "Trailer: 42 &c")
                == "otpauth://totp/Trailer%3A%2042%20%26c:anna?secret=\(offered.text)&issuer=Trailer%3A%2042%20%26c")
        let right = offered.code(fixture.time.now.wall / 30_000)
        let wrong = await fixture.code {
            try await accounts.setSecondFactor(
                of: visitor, code: right == "000000" ? "000001" : "000000", by: Fixture.anna)
        }
        #expect(wrong == "second_factor.code")
        let recovery = try await accounts.setSecondFactor(
            of: visitor, code: " \(right.prefix(3)) \(right.suffix(3))", by: Fixture.anna)
        #expect(Set(recovery).count == 8)
        #expect(await accounts.signedIn(cookie: other.secret) == nil, "it was opened without the factor")
        #expect(await accounts.signedIn(cookie: cookie) != nil)
        for used in ["", right, "000000"] {
            let refused = await fixture.code {
                try await accounts.signIn(
                    name: "anna", password: Fixture.password, code: used, from: Fixture.anna)
            }
            #expect(refused == "login.code")
        }
        fixture.time.pass(seconds: 400)
        let stale = try #require(await accounts.signedIn(cookie: cookie))
        #expect(
            await fixture.code {
                try await accounts.confirm(
                    stale, password: Fixture.password, code: "", by: Fixture.anna)
            } == "login.code")
        try await accounts.confirm(
            stale, password: Fixture.password, code: recovery[0].uppercased(), by: Fixture.anna)
        #expect(
            await fixture.code {
                try await accounts.signIn(
                    name: "anna", password: Fixture.password, code: recovery[0], from: Fixture.anna)
            } == "login.code", "a recovery code opens once")
        let kept = "\(fixture.memory.written)"
        #expect(!recovery.contains { kept.contains($0) })
        try await accounts.removeSecondFactor(of: stale, by: Fixture.anna)
        _ = try await accounts.signIn(
            name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        #expect(fixture.memory.entries.map(\.action).contains(.secondFactorRemoved))
    }

    @Test("whoever has the password and a session guesses ten codes, and no more")
    func guessedCodes() async throws {
        let fixture = Fixture()
        let (visitor, _) = try await signedIn(fixture)
        let offered = try #require(await fixture.accounts.offer(to: visitor))
        let now = fixture.time.now.wall / 30_000
        _ = try await fixture.accounts.setSecondFactor(of: visitor, code: offered.code(now), by: Fixture.anna)
        let right = Set((-1...1).map { offered.code(now + $0) })
        var answers: [String?] = []
        for guess in (0..<20).map({ "\(100_000 + $0)" }) where !right.contains(guess) {
            answers.append(
                await fixture.code {
                    try await fixture.accounts.confirm(
                        visitor, password: Fixture.password, code: guess, by: Fixture.anna)
                })
        }
        #expect(answers.prefix(10).allSatisfy { $0 == "login.code" })
        #expect(answers.dropFirst(10).allSatisfy { $0 == "login.throttled" }, "\(answers)")
    }

    @Test("a session's attempts count where it began: a colleague's do not, and a wandering cookie has no more")
    func sharedAddress() async throws {
        let fixture = Fixture()
        let (visitor, _) = try await signedIn(fixture)
        for _ in 0..<12 {
            _ = await fixture.code {
                _ = try await fixture.accounts.signIn(name: "bert", password: "wrong", code: nil, from: Fixture.anna)
            }
        }
        let refused = await fixture.code {
            _ = try await fixture.accounts.signIn(name: "bert", password: "wrong", code: nil, from: Fixture.anna)
        }
        #expect(refused == "login.throttled")
        try await fixture.accounts.confirm(visitor, password: Fixture.password, code: "", by: Fixture.anna)
        var answers: [String?] = []
        for guess in 0..<20 {
            let place = Origin(actor: "anna", address: "203.0.113.\(guess)", agent: "")
            answers.append(
                await fixture.code {
                    try await fixture.accounts.confirm(visitor, password: "guess \(guess)", code: "", by: place)
                })
        }
        #expect(answers.prefix(10).allSatisfy { $0 == "login.failed" }, "\(answers)")
        #expect(answers.dropFirst(10).allSatisfy { $0 == "login.throttled" }, "\(answers)")
    }

    @Test("sessions and tokens of one account are not ended through another")
    func others() async throws {
        let fixture = Fixture()
        let accounts = fixture.accounts
        let (anna, cookie) = try await signedIn(fixture)
        let bert = try await accounts.add(
            "bert", role: .viewer, password: "other words of his", by: Fixture.anna)
        let token = try await accounts.makeToken(
            "script", of: anna.account, role: .viewer, expires: nil, by: Fixture.anna)
        guard case .session(let session) = anna.proof else {
            Issue.record("no session")
            return
        }
        for number in ["\(session)", "x", "", "-1", "99999999999999999999"] {
            let end = await fixture.code {
                try await accounts.end(session: number, of: bert.id, by: Fixture.anna)
            }
            let revocation = await fixture.code {
                try await accounts.revoke(token: "\(token.token.id)", of: bert.id, by: Fixture.anna)
            }
            #expect(end == "session.unknown" && revocation == "token.unknown")
        }
        #expect(await accounts.signedIn(cookie: cookie) != nil)
        #expect(await accounts.signedIn(token: token.secret) != nil)
        try await accounts.revoke(token: "\(token.token.id)", of: anna.account, by: Fixture.anna)
        try await accounts.end(session: "\(session)", of: anna.account, by: Fixture.anna)
        #expect(await accounts.signedIn(cookie: cookie) == nil)
        #expect(await accounts.signedIn(token: token.secret) == nil)
        let again = await fixture.code {
            try await accounts.revoke(token: "\(token.token.id)", of: anna.account, by: Fixture.anna)
        }
        #expect(again == "token.unknown")
    }
}
