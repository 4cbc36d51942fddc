import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@testable import Web

@Suite("The door for clients of other products")
struct ForeignDoorTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func with(
        admits: @escaping @Sendable (String) -> Bool = { $0 == "127.0.0.1" },
        _ body: @escaping @Sendable (RawClient.Target) async throws -> Void
    ) async throws {
        let socket = try ListeningSocket.foreign(port: 0, clients: ["127.0.0.1"], isSecure: false)
        let port = try #require(socket.port)
        let door = ForeignDoor(accounts: nil, names: ["box.example"], admits: admits) { request, caller in
            var response = Response(
                status: .ok,
                body: .init(byteBuffer: ByteBuffer(string: "\(caller.isForeignPage) \(caller.isByOwnName)")))
            if request.uri.path == "/bare" { response.leaveOutHead() }
            return response
        }
        let group = ServiceGroup(
            services: [HTTPServer(sockets: [socket], door: door, now: { 0 }, logger: Self.logger)], logger: Self.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(.port(port))) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    @Test("who is not listed is closed without a word")
    func unlisted() async throws {
        try await with(admits: { _ in false }) { target in
            let text = try await RawClient.exchange(target, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(text.isEmpty)
        }
    }

    @Test("a client may leave the host out; one that names another is known as such")
    func hosts() async throws {
        try await with { target in
            for (host, isOwn) in [
                ("", true), ("Host: 192.0.2.1:8081\r\n", true), ("Host: Box.Example\r\n", true),
                ("Host: evil.example\r\n", false),
            ] {
                let answer = RawAnswer(
                    try await RawClient.exchange(target, "GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"))
                #expect(answer.status == 200 && answer.body == "false \(isOwn)", "\(host)")
            }
        }
    }

    @Test("large heads and bodies, and what is no request, get their answer")
    func hostile() async throws {
        try await with { target in
            let long = String(repeating: "a", count: 9_000)
            for (request, status) in [
                ("GET /?\(long) HTTP/1.1\r\n\r\n", 431), ("GET / HTTP/1.1\r\nX: \(long)\r\n\r\n", 431),
                ("GET / HTTP/1.1\r\n\((0..<65).map { "X\($0): 1\r\n" }.joined())\r\n", 431),
                ("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n", 413),
                ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                ("\u{16}\u{03}\u{01}", 400), ("BREW / HTTP/1.1\r\n\r\n", 400),
            ] {
                let answer = RawAnswer(try await RawClient.exchange(target, request))
                #expect(answer.status == status, "\(request.prefix(40))")
            }
        }
    }

    @Test("without a head: the body and the end")
    func bare() async throws {
        try await with { target in
            let text = try await RawClient.exchange(target, "GET /bare HTTP/1.1\r\n\r\nGET /bare HTTP/1.1\r\n\r\n")
            #expect(text == "false true")
            // Garbage behind it is not answered: that would be part of the document.
            let garbage = try await RawClient.exchange(target, "GET /bare HTTP/1.1\r\n\r\n\u{16}\u{03}\r\n\r\n")
            #expect(garbage == "false true")
            // After an answer with a head on the same connection, too.
            let both = try await RawClient.exchange(target, "GET / HTTP/1.1\r\n\r\nGET /bare HTTP/1.1\r\n\r\n")
            #expect(both.hasPrefix("HTTP/1.1 200") && both.hasSuffix("false truefalse true"))
            #expect(!both.lowercased().contains("headerless"))
        }
    }

    @Test(
        "what browsers say of the page behind a request",
        arguments: [
            ([:], false), (["Sec-Fetch-Site": "none"], false), (["Sec-Fetch-Site": "same-origin"], false),
            (["Sec-Fetch-Site": "same-site"], true), (["Sec-Fetch-Site": "cross-site"], true),
            (["Origin": "http://unit:8081"], false), (["Origin": "https://unit:8081"], false),
            (["Origin": "null"], true),
            (["Origin": "http://unit"], true), (["Origin": "http://evil.example"], true),
            (["Sec-Fetch-Site": "none", "Origin": "http://evil.example"], true),
            (["Referer": "http://unit:8081/state.xml"], false), (["Referer": "http://UNIT:8081"], false),
            (["Referer": "http://unit:8081.evil.example/"], true), (["Referer": "http://evil.example/"], true),
            (["User-Agent": "Mozilla/5.0", "Accept-Language": "en"], true),
            (["User-Agent": "Mozilla/5.0", "Accept-Language": "en", "Sec-Fetch-Site": "none"], false),
            (["User-Agent": "Mozilla/5.0 (Windows NT) PowerShell/7"], false),
            (["User-Agent": "App/1 CFNetwork", "Accept-Language": "en"], false),
        ] as [([String: String], Bool)])
    func pages(_ fields: [String: String], _ isForeign: Bool) throws {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "Unit:8081", path: "/state.xml")
        for (name, value) in fields { request.headerFields[try #require(HTTPField.Name(name))] = value }
        #expect(SameOrigin.isForeign(request) == isForeign)
        request.authority = nil
        #expect(SameOrigin.isForeign(request) == (isForeign || fields["Origin"] != nil || fields["Referer"] != nil))
    }
}
