import Testing
import Web

/// What the API answers to requests that are not as described.
@Suite struct APIAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let line: String
        let fields: [String]
        let body: String?
        let status: Int
        /// What stands in the answer.
        let word: String

        init(
            _ name: String, _ line: String, with fields: [String] = [], body: String? = nil, _ status: Int,
            _ word: String = ""
        ) {
            testDescription = name
            self.line = line
            self.fields = fields
            self.body = body
            self.status = status
            self.word = word
        }

        var request: String {
            let host = fields.contains { $0.hasPrefix("Host") } ? [] : ["Host: 127.0.0.1"]
            let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
            // A browser's wish does not change what programs are told.
            let head = ["\(line) HTTP/1.1", "Accept: text/html,*/*", "Connection: close"] + host + length + fields
            return head.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        }
    }

    private static let json = ["Content-Type: application/json"]
    private static let greet = "POST /api/v1/greetings/anna"

    static let cases = [
        Case("no such path", "GET /api/v1/nothing", 404),
        Case("no such method", "PUT /api/v1/who", 405, "Allowed here: GET, HEAD."),
        Case("no such method where things are changed", "GET /api/v1/greetings/a", 405, "Allowed here: POST, DELETE."),
        Case("a method of HTTP that nothing has", "TRACE /api/v1/greetings/a", 405, "Allowed here: POST, DELETE."),
        Case("a method of WebDAV", "PROPFIND /api/v1/greetings/a", 405, "Allowed here: POST, DELETE."),
        Case("a method of WebDAV on nothing", "PROPFIND /api/v1/nothing", 404),
        Case("a parameter that is none", "GET /api/v1/who?name=anna", 400, #""parameter":"name""#),
        Case("a parameter of a change", "\(greet)?x=1", with: json, body: #"{"text":"hi"}"#, 400, #""parameter":"x""#),
        Case("a role that does not suffice", "GET /api/v1/operate", 403, "access.denied"),
        Case(
            "a page of another site", greet, with: json + ["Sec-Fetch-Site: cross-site"], body: "{}", 403,
            "foreign_origin"),
        Case("a body of another type", greet, with: ["Content-Type: text/plain"], body: "hi", 415),
        Case("a body that is too large", greet, with: json + ["Content-Length: 2097152"], 413),
        Case("a body that is no JSON", greet, with: json, body: "{", 400, "it is no JSON"),
        Case("a body that is no object", greet, with: json, body: "[1]", 400, "body.invalid"),
        Case("a member that is missing", greet, 400, "text is missing"),
        Case("a member of another type", greet, with: json, body: #"{"text":1}"#, 400, "text is of another type"),
        Case(
            "a misspelt member", greet, with: json, body: #"{"text":"hi","isloud":true}"#, 400,
            "‘isloud’ is not a member"),
        Case("a member that is null", greet, with: json, body: #"{"text":"hi","isLoud":null}"#, 400, "isLoud is null"),
        Case(
            "a member that is there twice", greet, with: json, body: #"{"text":"hi","\u0074ext":"ho"}"#, 400,
            "‘text’ is in the body twice"),
        Case(
            "a body in UTF-16", greet, with: json, body: #"{"text":"hi"}"#.map { "\($0)\0" }.joined(), 400,
            "not in UTF-8"),
        Case(
            "a segment that cannot be decoded", "POST /api/v1/greetings/%ff", with: json, body: #"{"text":"hi"}"#, 404),
        Case("a name that was rebound", "GET /api/v1/who", with: ["Host: evil.example"], 421, "host.unknown"),
        Case(
            "a header field that is too long", "GET /api/v1/who", with: ["X: \(String(repeating: "a", count: 20_000))"],
            431),
        Case("a failure of the unit", "GET /api/v1/broken", 500),
    ]

    @Test("every refusal is a problem in JSON, whoever asks", arguments: cases)
    func problems(_ refused: Case) async throws {
        try await TestServer.run { server in
            let answer = RawAnswer(try await RawClient.exchange(server.tcp, refused.request))
            #expect(answer.status == refused.status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.body.hasPrefix(#"{"title":""#) && answer.body.contains(#""status":\#(refused.status),"#))
            #expect(answer.body.contains(refused.word), "\(answer.body)")
        }
    }

    @Test("a body as described is taken, and a segment of the path is what was meant")
    func taken() async throws {
        try await TestServer.run { server in
            for (path, name) in [("anna", "anna"), ("%61nn%C3%A4", "annä"), ("a+b", "a+b"), ("a%20b", "a b")] {
                let good = Case("", "POST /api/v1/greetings/\(path)", with: Self.json, body: #"{"text":"hi"}"#, 200)
                let answer = RawAnswer(try await RawClient.exchange(server.tcp, good.request))
                #expect(answer.status == 200)
                #expect(answer.body == #"{"who":"\#(name) hi"}"#)
            }
        }
    }

    @Test("the description is served, and has itself in it")
    func description() async throws {
        try await TestServer.run { server in
            let answer = try await RawClient.get(server.tcp, "/api/v1/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.body.contains(#""openapi": "3.1.1""#))
            #expect(answer.body.contains(#""/api/v1/openapi.json": {"#))
            let head = "HEAD /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            let empty = RawAnswer(try await RawClient.exchange(server.tcp, head))
            #expect(empty.status == 200 && empty.body.isEmpty)
        }
    }
}
