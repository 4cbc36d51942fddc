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
    private static func staleSession() -> (AccessSecret, (Int64, Timestamp) -> Session) {
        let secret = AccessSecret()
        return (
            secret,
            { account, now in
                var given = now
                given.monotonic -= 600_000
                return Session(
                    id: 900, account: account, hash: secret.hash, begun: now, seen: now, authenticated: given,
                    address: "127.0.0.1", agent: "test")
            }
        )
    }

    @Test("from beyond the site everything that needs it sends people to the confirm page, and on from there")
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
                    let page = cell.changes ? cell.page.replacing(":name", with: "nobody-here") : cell.address
                    #expect(person.status == 303, "\(cell): \(person)")
                    #expect(person.location == "/confirm?next=\(page)", "\(cell): \(person)")
                    let program = try await network.ask(.init(rawValue: cell.method), cell.address, cookie, form: form)
                    #expect(program.status == 403 && program.body.contains("access.confirmation"), "\(cell)")
                }
                #expect(try await door.kept() == before)
                let wrong = try await network.ask(
                    .POST, "/confirm", cookie, form: token + [("password", "not hers"), ("next", "/users")])
                #expect(wrong.status == 403)
                let right = try await network.ask(
                    .POST, "/confirm", cookie,
                    form: token + [("password", ProvisionedUnit.password), ("next", "//evil.example")])
                #expect(right.status == 303 && right.location == "/", "\(right)")
                #expect(try await network.ask(.GET, "/users", cookie).status == 200)
            }
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
