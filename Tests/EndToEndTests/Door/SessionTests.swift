import Foundation
import NIOHTTP1
import Site
import Testing

/// How a session begins, what vouches for it, and how it ends.
@Suite("Sessions", .serialized)
struct SessionTests {
    private static let users: [(name: String, role: Role)] = [("anna", .admin), ("vera", .viewer)]

    private func status(_ network: Visitor, _ session: Visitor.Session) async throws -> Int {
        try await network.ask(.GET, "/account", session.headers).status
    }

    @Test("the cookie is one that only this unit gets, over TLS, and no script sees")
    func cookie() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                let reply = try await network.signIn("vera", ProvisionedUnit.password)
                let cookies = reply.headers["Set-Cookie"]
                #expect(reply.status == 303 && cookies.count == 1)
                let parts = (cookies.first ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
                #expect(parts.first?.hasPrefix("__Host-picli=") == true)
                // RFC 6265bis, 4.1.3.2: with this prefix the attributes are asked for by the browser, too.
                #expect(
                    Set(parts.dropFirst().map(String.init)) == [
                        "Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=43200",
                    ])
                // 256 bits, as 43 digits of base 64.
                let secret = try #require(reply.cookie)
                #expect(secret.utf8.count == 43)
                // Kept as a hash, and written down nowhere.
                let found = try await Run.program(
                    URL(filePath: "/usr/bin/grep"),
                    ["-r", "-l", "-a", "-F", "-e", secret, door.unit.state.path, door.unit.log.path])
                #expect(found.status == 1, "the session's secret is in \(found.output)")
                // What is none is none: also where it is nearly one.
                for cookie in [
                    "__Host-picli=\(secret.dropLast())", "__Host-picli=\(secret)x", "picli=\(secret)",
                    "__host-picli=\(secret)",
                    "__Secure-picli=\(secret)", "__Host-picli=", "__Host-picli=\(String(repeating: "A", count: 43))",
                ] {
                    #expect(try await network.ask(.GET, "/account", [("Cookie", cookie)]).status == 401, "\(cookie)")
                }
                let leave = try await network.session("vera")
                let left = try await network.ask(.POST, "/sign-out", leave.headers, form: leave.fields)
                #expect(left.headers["Set-Cookie"].first?.contains("Max-Age=0") == true)
                #expect(left.cookie == "")
            }
        }
    }

    @Test("a session that was planted before the login is not the one after it, and is of no use")
    func fixation() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                // One that was never given out, and the attacker's own.
                let eves = try await network.session("vera")
                for planted in [String(repeating: "A", count: 43), eves.cookie] {
                    let cookie = [("Cookie", "__Host-picli=\(planted)")]
                    let reply = try await network.signIn("anna", ProvisionedUnit.password, cookie)
                    #expect(reply.status == 303, "\(reply)")
                    let given = try #require(reply.cookie)
                    #expect(given != planted)
                    let users = try await network.ask(.GET, "/api/v1/users", cookie)
                    #expect([401, 403].contains(users.status), "what was planted became an admin")
                    let own = try await network.ask(.GET, "/api/v1/users", [("Cookie", "__Host-picli=\(given)")])
                    #expect(own.status == 200)
                }
                // Each login is another session, and a form of one does not go with the other.
                let (first, second) = (try await network.session("anna"), try await network.session("anna"))
                #expect(first.cookie != second.cookie && first.formToken != second.formToken)
                let mixed = try await network.ask(.POST, "/sign-out", first.headers, form: second.fields)
                #expect(mixed.status == 403)
                #expect(try await status(network, first) == 200)
            }
        }
    }

    @Test("after signing out, and when password, role or user change, the old cookie is dead")
    func ends() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                let (leaving, staying) = (try await network.session("vera"), try await network.session("vera"))
                let left = try await network.ask(.POST, "/sign-out", leaving.headers, form: leaving.fields)
                #expect(left.status == 303)
                #expect(try await status(network, leaving) == 401)
                #expect(try await status(network, staying) == 200, "the other session of the user goes on")

                let ended = try await network.session("vera")
                let id = try await door.kept().sessions.keys.max().map(String.init)
                let end = try await network.ask(
                    .POST, "/account/sessions/end", staying.headers, form: staying.fields + [("id", try #require(id))])
                #expect(end.status == 303)
                #expect(try await status(network, ended) == 401)

                let words = "four other words"
                let changed = try await network.ask(
                    .POST, "/account/password", staying.headers,
                    form: staying.fields + [("present", ProvisionedUnit.password), ("password", words)])
                #expect(changed.status == 303, "\(changed)")
                #expect(try await status(network, staying) == 401)
                #expect(try await network.signIn("vera", ProvisionedUnit.password).status == 401)

                for change in [["role", "vera", "operator"], ["role", "vera", "viewer"], ["disable", "vera"]] {
                    let session = try await network.session("vera", words)
                    #expect(try await status(network, session) == 200)
                    try await door.user(change)
                    #expect(try await status(network, session) == 401, "after \(change)")
                }
                #expect(try await network.signIn("vera", words).status == 401, "she is disabled")
                try await door.user(["enable", "vera"])
                let last = try await network.session("vera", words)
                try await door.user(["remove", "vera"])
                #expect(try await status(network, last) == 401)
            }
        }
    }
}
