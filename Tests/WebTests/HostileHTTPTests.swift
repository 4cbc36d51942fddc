import NIOCore
import TestSupport
import Testing
import Web

/// What an unfriendly or broken client may send, and the one answer it gets.
///
/// After each the server still answers.
@Suite struct HostileHTTPTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let request: String
        let status: Int
        var testDescription: String { name }
        init(_ name: String, _ request: String, _ status: Int) {
            self.name = name
            self.request = request
            self.status = status
        }
    }

    static let host = "Host: 127.0.0.1\r\n"
    static let close = "Connection: close\r\n"
    static let cases: [Case] = [
        Case("garbage", "\u{01}\u{02}hello there\r\n\r\n", 400),
        Case("a TLS handshake", "\u{16}\u{03}\u{01}\u{00}\u{05}hello", 400),
        Case("an empty first line, then a request", "\r\nGET /hello HTTP/1.1\r\n\(host)\(close)\r\n", 200),
        Case("no Host", "GET /hello HTTP/1.1\r\n\r\n", 400),
        Case("two Hosts", "GET /hello HTTP/1.1\r\n\(host)\(host)\r\n", 400),
        Case("HTTP/1.0 without Host", "GET /hello HTTP/1.0\r\n\r\n", 200),
        Case("HTTP/2.0", "GET /hello HTTP/2.0\r\n\(host)\r\n", 505),
        Case("absolute form", "GET http://127.0.0.1/hello HTTP/1.1\r\n\(host)\(close)\r\n", 200),
        Case(
            "absolute form of another site",
            "GET http://evil.example/hello HTTP/1.1\r\nHost: evil.example\r\n\(close)\r\n", 421),
        Case("a rebound name", "GET /hello HTTP/1.1\r\nHost: evil.example:8080\r\n\(close)\r\n", 421),
        Case(
            "a name that looks like an address", "GET /hello HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\(close)\r\n",
            421),
        Case("a Host with a path", "GET /hello HTTP/1.1\r\nHost: localhost/@evil\r\n\(close)\r\n", 421),
        Case("localhost", "GET /hello HTTP/1.1\r\nHost: localhost:8080\r\n\(close)\r\n", 200),
        Case("IPv6 loopback", "GET /hello HTTP/1.1\r\nHost: [::1]:8080\r\n\(close)\r\n", 200),
        Case("POST", "POST /hello HTTP/1.1\r\n\(host)\(close)Content-Length: 2\r\n\r\nab", 405),
        Case("DELETE of nothing", "DELETE /nothing HTTP/1.1\r\n\(host)\(close)\r\n", 404),
        Case("TRACE", "TRACE /hello HTTP/1.1\r\n\(host)\(close)\r\n", 405),
        Case("CONNECT", "CONNECT 127.0.0.1:22 HTTP/1.1\r\n\(host)\r\n", 405),
        Case("an unknown method", "BREW /hello HTTP/1.1\r\n\(host)\r\n", 400),
        Case("a NUL in the path", "GET /hel\u{00}lo HTTP/1.1\r\n\(host)\r\n", 400),
        Case("an encoded NUL in an asset", "GET /assets/app.css%00 HTTP/1.1\r\n\(host)\(close)\r\n", 404),
        Case("traversal", "GET /assets/../../etc/passwd HTTP/1.1\r\n\(host)\(close)\r\n", 404),
        Case("encoded traversal", "GET /assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\n\(host)\(close)\r\n", 404),
        Case("invalid UTF-8 in the path", "GET /assets/%ff%fe HTTP/1.1\r\n\(host)\(close)\r\n", 404),
        Case("a bad range", "GET /assets/app.css HTTP/1.1\r\n\(host)\(close)Range: bytes=9-3,x\r\n\r\n", 200),
        Case("a header without a name", "GET /hello HTTP/1.1\r\n\(host): x\r\n\r\n", 400),
        Case("a folded header", "GET /hello HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", 400),
        Case("two lengths", "POST /hello HTTP/1.1\r\n\(host)Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        Case(
            "length and chunks (smuggling)",
            "POST /hello HTTP/1.1\r\n\(host)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Case("a negative length", "POST /hello HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\n", 400),
        Case("an announced body of 2 MiB", "POST /hello HTTP/1.1\r\n\(host)Content-Length: 2097152\r\n\r\n", 413),
        Case("a long path", "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n\(host)\r\n", 431),
        Case("a long header", "GET /hello HTTP/1.1\r\n\(host)X: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
        Case(
            "many headers",
            "GET /hello HTTP/1.1\r\n\(host)\((0..<200).map { "X\($0): 1\r\n" }.joined())\r\n", 431),
        Case(
            "many long headers",
            "GET /hello HTTP/1.1\r\n\(host)\((0..<50).map { "X\($0): \(String(repeating: "a", count: 400))\r\n" }.joined())\r\n",
            431),
        Case(
            "an upgrade to HTTP/2", "GET /hello HTTP/1.1\r\n\(host)Connection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n",
            200),
        Case("a route that fails", "GET /api/v1/broken HTTP/1.1\r\n\(host)\(close)\r\n", 500),
    ]

    @Test("hostile requests get their answer, with all header fields, and the connection closes", arguments: cases)
    func table(_ hostile: Case) async throws {
        try await TestServer.run { server in
            let answer = RawAnswer(try await RawClient.exchange(server.tcp, hostile.request))
            #expect(answer.status == hostile.status)
            #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["cache-control"] != nil)
            if hostile.status >= 400 {
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(answer.body.contains("\"status\":\(hostile.status)"))
            }
            #expect(try await RawClient.get(server.tcp, "/hello").status == 200)
        }
    }

    @Test("pipelined requests are answered in order, the bad one last")
    func pipelining() async throws {
        try await TestServer.run { server in
            let good = "GET /hello HTTP/1.1\r\n\(Self.host)\r\n"
            let text = try await RawClient.exchange(server.tcp, good + good + "GARBAGE\r\n\r\n")
            #expect(text.ranges(of: "HTTP/1.1 200 OK").count == 2)
            #expect(text.ranges(of: "<p>hello</p>").count == 2)
            let bad = try #require(text.firstRange(of: "HTTP/1.1 400"))
            #expect(text[bad.lowerBound...].firstRange(of: "200 OK") == nil)
        }
    }

    @Test("HTTP/1.0 gets HTTP/1.0 back, without chunks, and the connection closes")
    func version1() async throws {
        try await TestServer.run { server in
            let text = try await RawClient.exchange(server.tcp, "GET /hello HTTP/1.0\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.0 200"))
            #expect(RawAnswer(text).headers["transfer-encoding"] == nil)
            #expect(RawAnswer(text).body == "<p>hello</p>")
        }
    }

    @Test("a client that half closes gets its answer")
    func halfClose() async throws {
        try await TestServer.run { server in
            let text = try await RawClient.connect(server.tcp) { client in
                try await client.send("GET /hello HTTP/1.1\r\n\(Self.host)\r\n")
                client.finish()
                return await client.readToEnd()
            }
            #expect(RawAnswer(text).body == "<p>hello</p>")
        }
    }

    @Test("HEAD has the header fields of GET and no body")
    func head() async throws {
        try await TestServer.run { server in
            let text = try await RawClient.exchange(
                server.tcp, "HEAD /hello HTTP/1.1\r\n\(Self.host)\(Self.close)\r\n")
            let answer = RawAnswer(text)
            #expect(answer.status == 200)
            #expect(answer.headers["content-length"] == "12")
            #expect(answer.body.isEmpty)
        }
    }

    @Test(
        "nor has HEAD a body where it is refused: the next answer follows", arguments: ["/nothing", "/api/v1/operate"])
    func refusedHead(path: String) async throws {
        try await TestServer.run { server in
            let text = try await RawClient.exchange(
                server.tcp,
                "HEAD \(path) HTTP/1.1\r\n\(Self.host)\r\nGET /hello HTTP/1.1\r\n\(Self.host)\(Self.close)\r\n")
            let answers = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
            #expect(answers.count == 3 && answers.last == "<p>hello</p>", "\(text)")
            #expect(answers.first?.hasPrefix("HTTP/1.1 40") == true)
            #expect(answers.dropFirst().first?.hasPrefix("HTTP/1.1 200") == true)
        }
    }

    @Test("a chunked body beyond the limit is cut off with 413 or a close, at once")
    func chunkedBody() async throws {
        var limits = ServerLimits()
        limits.body = 10_000
        try await TestServer.run(limits: limits) { server in
            let chunk = "1000\r\n" + String(repeating: "a", count: 4096) + "\r\n"
            let text = try await RawClient.connect(server.tcp) { client in
                try await client.send("POST /hello HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<64 { do { try await client.send(chunk) } catch { break } }
                return await client.readToEnd()
            }
            #expect([0, 405, 413].contains(RawAnswer(text).status))
            #expect(try await RawClient.get(server.tcp, "/hello").status == 200)
        }
    }
}

/// Requests that nobody thought of.
@Suite struct HTTPFuzzTests {
    @Test("random bytes and broken requests end in an answer or a close, never in a dead server")
    func fuzz() async throws {
        var limits = ServerLimits()
        limits.headTimeout = .milliseconds(50)
        limits.bodyTimeout = .milliseconds(50)
        limits.idleTimeout = .milliseconds(50)
        try await TestServer.run(limits: limits) { server in
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<25 {
                            let request = Self.request()
                            _ = try await RawClient.connect(server.tcp) { client in
                                try? await client.send(request)
                                return await client.readToEnd()
                            }
                        }
                    }
                }
            }
            #expect(try await RawClient.get(server.tcp, "/hello").status == 200)
        }
    }

    /// A good request of several, with some bytes changed, doubled or cut.
    private static func request() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let good = [
            "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /assets/app.css?v=1 HTTP/1.1\r\nHost: [::1]\r\nIf-None-Match: \"a\"\r\nRange: bytes=0-\r\n\r\n",
            "GET http://127.0.0.1/api/v1/who HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        ]
        var bytes = Array((good.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.insert(contentsOf: bytes.prefix(place), at: place)
            case 2 where place > 0: bytes.removeSubrange(place...)
            default: bytes.insert(UInt8(ascii: "\r"), at: place)
            }
        }
        return bytes
    }
}
