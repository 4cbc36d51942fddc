import Foundation
import NIOHTTP1
import Platform
import Site
import Store
import Testing

@testable import Web
@testable import picli

/// What asks for a password that was given just now, of whom, and how they go on.
@Suite("A password once more", .serialized)
struct FreshnessTests {
    private static let users: [(name: String, role: Role)] = [("anna", .admin)]

    /// A session whose password was given ten minutes ago: as the unit keeps it, and its cookie.
    static func staleSession(number: Int64 = 900) -> (AccessSecret, (Int64, Timestamp) -> Session) {
        let secret = AccessSecret()
        return (
            secret,
            { account, now in
                var given = now
                given.monotonic -= 600_000
                return Session(
                    id: number, account: account, hash: secret.hash, begun: now, seen: now, authenticated: given,
                    address: "127.0.0.1", agent: "test")
            }
        )
    }

    @Test("from beyond the site everything that needs it asks people for their password, and then goes on")
    func beyond() async throws {
        let (secret, session) = Self.staleSession()
        try await ProvisionedUnit.with(users: Self.users, sessions: [session]) { door in
            try await Visitor.with(door.address) { (network: Visitor) async throws in
                let cookie = [("Cookie", "\(Credentials.cookie)=\(secret.text)")]
                let token = [(Routes.formToken, secret.formToken)]
                let before = try await door.kept()
                for cell in RouteRoleTests.cells where cell.isFresh {
                    if cell.isOfPrograms {
                        let reply = try await network.ask(
                            .init(rawValue: cell.method), cell.address,
                            cookie + [("X-Form-Token", secret.formToken), ("Accept", "text/html")],
                            json: cell.method == "DELETE" ? nil : "{}")
                        #expect(reply.status == 403 && reply.body.contains("access.confirmation"), "\(cell): \(reply)")
                        continue
                    }
                    let form = cell.changes ? RouteRoleTests.fields(of: cell.path) + token : nil
                    let person = try await network.ask(
                        .init(rawValue: cell.method), cell.address, cookie + [("Accept", "text/html")], form: form)
                    guard cell.method != "HEAD" else {
                        #expect(person.status == 403, "\(cell): \(person)")
                        continue
                    }
                    if cell.changes {
                        #expect(person.status == 403 && person.body.contains("Is it still you?"), "\(cell): \(person)")
                        let action = #"name="confirm_form" value="\#(cell.address)""#
                        #expect(person.body.contains(action), "\(cell): \(person)")
                    } else {
                        #expect(person.status == 303, "\(cell): \(person)")
                        #expect(person.location == "/confirm?next=\(cell.address)", "\(cell): \(person)")
                    }
                    let program = try await network.ask(.init(rawValue: cell.method), cell.address, cookie, form: form)
                    #expect(program.status == 403 && program.body.contains("access.confirmation"), "\(cell)")
                }
                #expect(try await door.kept() == before)
                let wrong = try await network.ask(
                    .POST, "/confirm", cookie, form: token + [(WaitingForm.password, "not hers"), ("next", "/users")])
                #expect(wrong.status == 403)
                let right = try await network.ask(
                    .POST, "/confirm", cookie,
                    form: token + [(WaitingForm.password, ProvisionedUnit.password), ("next", "//evil.example")])
                #expect(right.status == 303 && right.location == "/", "\(right)")
                #expect(try await network.ask(.GET, "/users", cookie).status == 200)
            }
        }
    }

    /// The hidden fields of a page's main form.
    private static func hidden(_ page: Visitor.Reply) -> [(String, String)] {
        page.body.components(separatedBy: "<main").last?.matches(
            of: /<input type="hidden" name="([^"]+)"(?: autocomplete="username")? value="([^"]*)">/
        ).map { (String($0.output.1), String($0.output.2)) } ?? []
    }

    @Test("a form that met an old password is there again afterwards, but for its secrets, or is done")
    func kept() async throws {
        let (secret, session) = Self.staleSession()
        let (later, other) = Self.staleSession(number: 901)
        try await ProvisionedUnit.with(users: Self.users, sessions: [session, other]) { door in
            try await Visitor.with(door.address) { (network: Visitor) async throws in
                func send(
                    _ path: String, _ secret: AccessSecret, _ fields: [(String, String)]
                ) async throws -> Visitor.Reply {
                    try await network.ask(
                        .POST, path, [("Cookie", "\(Credentials.cookie)=\(secret.text)"), ("Accept", "text/html")],
                        form: [(Routes.formToken, secret.formToken)] + fields)
                }
                let asked = try await send(
                    "/users/add", secret, [("name", "bert"), ("role", "operator"), ("password", "other words of his")])
                #expect(asked.status == 403 && !asked.body.contains("other words"), "\(asked)")
                let fields = Self.hidden(asked).filter { $0.0 != Routes.formToken }
                let wrong = try await send("/confirm", secret, fields + [(WaitingForm.password, "not hers")])
                #expect(wrong.status == 403 && wrong.body.contains("wrong"), "\(wrong)")
                #expect(Self.hidden(wrong).map(\.1) == Self.hidden(asked).map(\.1))
                let given = fields + [(WaitingForm.password, ProvisionedUnit.password)]
                let right = try await send("/confirm", secret, given)
                #expect(right.status == 307 && right.location == "/users/add", "\(right)")
                // As a browser does then.
                let page = try await send("/users/add", secret, given)
                #expect(page.status == 400 && page.body.contains("type that again"), "\(page)")
                #expect(page.body.contains(#"value="bert""#) && page.body.contains("operator\" selected"), "\(page)")

                let waiting = Self.hidden(
                    try await send("/account/tokens", later, [("name", "b"), ("role", "viewer")])
                )
                .filter { $0.0 != Routes.formToken }
                for action in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
                    let astray = waiting.map { $0.0 == "confirm_form" ? ($0.0, action) : $0 }
                    let reply = try await send(
                        "/confirm", later, astray + [(WaitingForm.password, ProvisionedUnit.password)])
                    #expect(reply.status == 303 && reply.location == "/", "\(reply)")
                }
            }
            #expect(try await door.kept().accounts.count == 1)
        }
    }

    @Test("where the site's own network comes in nobody is asked, and all else is as everywhere")
    func own() async throws {
        let (secret, session) = Self.staleSession()
        let lan = try Unit.freePort()
        let site = """
            site: { name: Trailer 42 }
            network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 } }
            web: { lan: "127.0.0.1:\(lan)" }
            """
        try await ProvisionedUnit.with(site: site, users: Self.users, sessions: [session]) { door in
            try await Visitor.with("https://127.0.0.1:\(lan)") { (network: Visitor) async throws in
                let cookie = [("Cookie", "\(Credentials.cookie)=\(secret.text)")]
                #expect(try await network.ask(.GET, "/users").status == 401)
                #expect(try await network.ask(.GET, "/users", cookie).status == 200)
                let added = try await network.ask(
                    .POST, "/users/add", cookie,
                    form: [
                        (Routes.formToken, secret.formToken), ("name", "bert"), ("role", "viewer"),
                        ("password", ProvisionedUnit.password),
                    ])
                #expect(added.status == 303, "\(added)")
                let forged = try await network.ask(.POST, "/users/add", cookie, form: [("name", "eve")])
                #expect(forged.status == 403 && forged.body.contains("access.foreign_origin"), "\(forged)")
            }
            #expect(try await door.kept().accounts.values.map(\.name.description).sorted() == ["anna", "bert"])
        }
    }

    @Test("before somebody may sign in, the site's own network gets the setup page, too, and nothing else")
    func beforeSetUp() async throws {
        let lan = try Unit.freePort()
        let site = """
            site: { name: Trailer 42 }
            network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 } }
            web: { lan: "127.0.0.1:\(lan)" }
            """
        try await ProvisionedUnit.with(site: site) { _ in
            try await Visitor.with("https://127.0.0.1:\(lan)") { (network: Visitor) async throws in
                #expect(try await network.ask(.GET, "/setup").status == 200)
                for path in ["/", "/api/v1/latest", "/users", "/sign-in"] {
                    #expect(try await network.ask(.GET, path).status == 403, "\(path)")
                }
            }
        }
    }
}
