import Glibc
import HTTPTypes
import Platform
import Site
import Testing

@testable import Web

@Suite struct AccessTests {
    @Test("every route states its access, and the table is what is served")
    func table() throws {
        let routes = testRoutes(EventStreams())
        let who = routes.table.filter { $0.path == "/api/v1/who" }
        #expect(who.map(\.method) == [.get, .head])
        #expect(who.allSatisfy { $0.access == .atLeast(.viewer) })
        #expect(!routes.table.contains { $0.method == .head && $0.path == "/api/v1/live" })
    }

    @Test(
        "who may do what",
        arguments: [
            (Principal.anonymous, [true, false, false, false]),
            (.loopback, [true, true, false, false]),
            (.peer(.init(process: 1, user: 9, groups: [9]), .operator), [true, true, true, false]),
            (.peer(.init(process: 1, user: 0, groups: [0]), .admin), [true, true, true, true]),
        ])
    func matrix(_ principal: Principal, _ expected: [Bool]) {
        let levels = [Access.everybody] + Role.allCases.map(Access.atLeast)
        #expect(levels.map { $0.admits(principal, by: .secure) } == expected)
    }

    @Test(
        "the role of a peer follows from the kernel's word",
        arguments: [
            (UInt32(0), [UInt32(0)], Role.admin as Role?), (500, [500], .admin), (501, [501, 600], .operator),
            (501, [501], nil),
        ])
    func peers(_ user: UInt32, _ groups: [UInt32], _ role: Role?) {
        let peer = PeerCredentials(process: 1, user: user, groups: groups)
        #expect(peer.role(ownUser: 500, ownGroup: 600) == role)
    }

    @Test("loopback in the clear reads, and nothing else; the control socket knows who asks")
    func listeners() async throws {
        try await TestServer.run { server in
            #expect(try await RawClient.get(server.tcp, "/api/v1/who").body == #"{"who":"viewer"}"#)
            let refused = try await RawClient.get(server.tcp, "/api/v1/operate")
            #expect(refused.status == 403)
            #expect(refused.body.contains(#""code":"access.denied""#))
            #expect(try await RawClient.get(server.unix, "/api/v1/who").body == #"{"who":"admin"}"#)
            #expect(try await RawClient.get(server.unix, "/api/v1/operate").status == 200)
        }
    }

    @Test("names that were configured are answered to, besides addresses and localhost")
    func names() async throws {
        try await TestServer.run(names: ["trailer.Example"]) { server in
            for (host, expected) in [("Trailer.example:80", 200), ("other.example", 421)] {
                let text = try await RawClient.exchange(
                    server.tcp, "GET /hello HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(RawAnswer(text).status == expected)
            }
        }
    }

    @Test(
        "hosts of a Host header",
        arguments: [
            ("127.0.0.1", true), ("127.0.0.1:8080", true), ("192.168.1.10", true), ("[::1]", true), ("[::1]:80", true),
            ("localhost", true), ("LOCALHOST:1", true), ("a.localhost", true), ("", false), ("evil.example", false),
            ("127.0.0.1:x", false), ("[::1", false), ("[evil]:80", false), ("127.1", false), ("localhost.evil", false),
            (":80", false), ("::1", false), ("2130706433", false), ("127.0.0.1 evil", false),
            ("evil.example/.localhost", false), ("evil.example@a.localhost", false), ("a_b-c.localhost", true),
            ("ä.localhost", false),
        ])
    func hosts(_ authority: String, _ isAdmitted: Bool) {
        #expect(HostCheck(names: []).admits(authority) == isAdmitted)
    }
}
