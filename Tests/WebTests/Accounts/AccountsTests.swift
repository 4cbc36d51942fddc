import Foundation
import Site
import Testing

@testable import Web

@Suite("Accounts") struct AccountsTests {
    @Test("the first user comes in by the setup token, once, and is an admin")
    func setUp() async throws {
        let fixture = Fixture()
        #expect(try await !fixture.accounts.isSetUp())
        let wrong = await fixture.code {
            try await fixture.accounts.setUp(
                token: "TOKEM", name: "anna", password: Fixture.password, from: Fixture.anna)
        }
        #expect(wrong == "setup.refused")
        let admission = try await fixture.setUp()
        let signedIn = try #require(await fixture.accounts.signedIn(cookie: admission.secret))
        #expect(signedIn.name.description == "anna" && signedIn.role == .admin)
        #expect(await fixture.code { try await fixture.setUp() } == "setup.done")
        #expect(fixture.memory.entries.map(\.action) == [.setUpRefused, .setUp])
        #expect(
            !"\(fixture.memory.written)".contains(Fixture.password)
                && !"\(fixture.memory.written)".contains(admission.secret))
    }

    @Test("a wrong name, a wrong password and a user who is kept out are told the same")
    func wrong() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        try await fixture.accounts.add("bert", role: .viewer, password: "other words of his", by: Fixture.anna)
        try await fixture.accounts.change("bert", isDisabled: true, by: Fixture.anna)
        var details: Set<String> = []
        for (name, password) in [
            ("anna", "no"), ("nobody", "no"), ("bert", "other words of his"), ("A B", ""), ("", ""),
        ] {
            do {
                _ = try await fixture.accounts.signIn(name: name, password: password, code: nil, from: Fixture.anna)
                Issue.record("\(name) came in")
            } catch let problem as Problem {
                #expect(problem.status == 401 && problem.code == "login.failed")
                details.insert(problem.detail)
            }
        }
        #expect(details.count == 1)
        // What was typed as a name may be a password, and is not written down.
        #expect(
            !fixture.memory.entries.contains { $0.actor == "a b" || $0.actor == "nobody" && $0.action == .loginFailed })
    }

    @Test("a session ends half an hour after its last use, twelve hours after its start, and with the boot")
    func sessions() async throws {
        let fixture = Fixture()
        let admission = try await fixture.setUp()
        for _ in 0..<24 {
            fixture.time.pass(seconds: 29 * 60)
            #expect(await fixture.accounts.signedIn(cookie: admission.secret) != nil)
        }
        fixture.time.pass(seconds: 26 * 60)
        #expect(await fixture.accounts.signedIn(cookie: admission.secret) == nil, "twelve hours")
        let second = try await fixture.accounts.signIn(
            name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        // Setting the clock back gives no session a longer life.
        fixture.time.pass(seconds: 31 * 60, wall: -10_000_000)
        #expect(await fixture.accounts.signedIn(cookie: second.secret) == nil)
        for garbage in ["", "x", String(repeating: "A", count: 43), String(repeating: "-", count: 44), "é"] {
            #expect(await fixture.accounts.signedIn(cookie: garbage) == nil)
        }
    }

    @Test("each login has a session of its own; changing the password, the role or the user ends them")
    func ends() async throws {
        let fixture = Fixture()
        let first = try await fixture.setUp()
        let second = try await fixture.accounts.signIn(
            name: "ANNA", password: Fixture.password, code: nil, from: Fixture.anna)
        #expect(first.secret != second.secret)
        let id = try #require(await fixture.accounts.users.first?.id)
        #expect(await fixture.accounts.sessions(of: id).count == 2)
        try await fixture.accounts.end(session: first.session.id, by: Fixture.anna)
        #expect(await fixture.accounts.signedIn(cookie: first.secret) == nil)
        #expect(await fixture.accounts.signedIn(cookie: second.secret) != nil)
        try await fixture.accounts.setPassword(of: "anna", to: "new words of hers", by: Fixture.anna)
        #expect(await fixture.accounts.signedIn(cookie: second.secret) == nil)
        #expect(fixture.memory.written.sessions.isEmpty)
    }

    @Test("somebody who may change users is always left")
    func lastAdmin() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        try await fixture.accounts.add("bert", role: .operator, password: "other words of his", by: Fixture.anna)
        let last = await [
            fixture.code { try await fixture.accounts.remove("anna", by: Fixture.anna) },
            fixture.code { try await fixture.accounts.change("anna", role: .viewer, by: Fixture.anna) },
            fixture.code { try await fixture.accounts.change("anna", isDisabled: true, by: Fixture.anna) },
        ]
        #expect(last == ["user.last_admin", "user.last_admin", "user.last_admin"])
        try await fixture.accounts.change("bert", role: .admin, by: Fixture.anna)
        try await fixture.accounts.remove("anna", by: Fixture.anna)
        #expect(await fixture.accounts.users.map(\.name.description) == ["bert"])
        #expect(await fixture.code { try await fixture.accounts.remove("carl", by: Fixture.anna) } == "user.unknown")
        #expect(
            await fixture.code {
                try await fixture.accounts.add("bert", role: .viewer, password: "third words of his", by: Fixture.anna)
            } == "user.exists")
    }

    @Test("a token may do no more than its owner, ends when it says so, and goes with its owner")
    func tokens() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        let bert = try await fixture.accounts.add(
            "bert", role: .operator, password: "other words of his", by: Fixture.anna)
        #expect(
            await fixture.code {
                try await fixture.accounts.makeToken("x", of: bert.id, role: .admin, expires: nil, by: Fixture.anna)
            } == "token.invalid")
        let (_, secret) = try await fixture.accounts.makeToken(
            "dashboard", of: bert.id, role: .operator, expires: fixture.time.now.wall + 60_000, by: Fixture.anna)
        let program = try #require(await fixture.accounts.signedIn(token: secret))
        #expect(program.role == .operator && Principal.account(program).name == "bert (token dashboard)")
        #expect(
            await fixture.code {
                try await fixture.accounts.makeToken(
                    "dashboard", of: bert.id, role: .viewer, expires: nil, by: Fixture.anna)
            } == "token.exists")
        try await fixture.accounts.change("bert", role: .viewer, by: Fixture.anna)
        #expect(await fixture.accounts.signedIn(token: secret)?.role == .viewer)
        fixture.time.pass(seconds: 61)
        #expect(await fixture.accounts.signedIn(token: secret) == nil)
        let (_, other) = try await fixture.accounts.makeToken(
            "script", of: bert.id, role: .viewer, expires: nil, by: Fixture.anna)
        try await fixture.accounts.remove("bert", by: Fixture.anna)
        #expect(await fixture.accounts.signedIn(token: other) == nil && fixture.memory.written.tokens.isEmpty)
    }

    @Test("logins and changes at once each have their own number, and what keeps somebody out is not undone by a login")
    func atOnce() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        for round in 0..<20 {
            let name = "user\(round)"
            let user = try await fixture.accounts.add(name, role: .viewer, password: Fixture.password, by: Fixture.anna)
            let secrets = await withTaskGroup(of: String?.self) { group in
                for login in 0..<7 {
                    let origin = Origin(actor: "", address: "192.0.2.\(login)", agent: "")
                    group.addTask {
                        try? await fixture.accounts.signIn(
                            name: name, password: Fixture.password, code: nil, from: origin
                        ).secret
                    }
                }
                group.addTask {
                    try? await fixture.accounts.change(name, isDisabled: true, by: Fixture.anna)
                    return nil
                }
                group.addTask {
                    _ = try? await fixture.accounts.add(
                        "other\(round)", role: .viewer, password: Fixture.password, by: Fixture.anna)
                    return nil
                }
                return await group.reduce(into: [String]()) { secrets, secret in secrets += secret.map { [$0] } ?? [] }
            }
            #expect(Set(secrets).count == secrets.count)
            for secret in secrets { #expect(await fixture.accounts.signedIn(cookie: secret) == nil, "kept out") }
            #expect(await fixture.accounts.sessions(of: user.id).isEmpty)
            #expect(fixture.memory.written.accounts[user.id]?.isDisabled == true)
        }
        #expect(await fixture.accounts.users.count == 41)
        #expect(fixture.memory.written == (await fixture.accounts.book))
    }

    @Test("a full card keeps nobody out, and lets nobody in who is not there")
    func full() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        fixture.memory.fill(true)
        let admission = try await fixture.accounts.signIn(
            name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        #expect(await fixture.accounts.signedIn(cookie: admission.secret) != nil)
        #expect(
            await fixture.code {
                try await fixture.accounts.signIn(name: "anna", password: "no", code: nil, from: Fixture.anna)
            } == "login.failed")
    }

    @Test("a hash of less work is made anew at the next login")
    func rehash() async throws {
        let fixture = Fixture()
        _ = try await fixture.setUp()
        let before = fixture.memory.written.accounts.values.first?.password
        let dearer = Accounts(
            fixture.memory, setup: SetupSecret(admits: { _ in false }, forget: {}),
            rule: PasswordRule(common: { _ in [] }),
            cost: .init(logarithm: 6, blockSize: 1, parallelism: 1), now: { fixture.time.now })
        try await dearer.load()
        _ = try await dearer.signIn(name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        let after = try #require(fixture.memory.written.accounts.values.first?.password)
        #expect(after != before && after.hasPrefix("$scrypt$ln=6,"))
        _ = try await dearer.signIn(name: "anna", password: Fixture.password, code: nil, from: Fixture.anna)
        #expect(fixture.memory.written.accounts.values.first?.password == after)
    }
}
