import Site
import Testing

@testable import Web

@Suite struct ContentTests {
    @Test(
        "dates of header fields",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_772_366_399, "Sun, 01 Mar 2026 11:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(_ seconds: Int64, _ text: String) { #expect(HTTPDate.string(seconds: seconds) == text) }

    @Test("every answer is dated by the clock of the unit")
    func date() async throws {
        let answer = try await TestServer.run { try await RawClient.get($0.tcp, "/hello") }
        #expect(answer.headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test("a person gets an error as a page, with nothing of the request in it unescaped")
    func page() async throws {
        try await TestServer.run { server in
            let html = ["Accept: text/html,*/*"]
            let answer = try await RawClient.get(server.tcp, "/%3Cscript%3Ealert(1)%3C/script%3E<b>", headers: html)
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            #expect(!answer.body.contains("<script>"))
            #expect(!answer.body.contains("<b>"))
            let api = try await RawClient.get(server.tcp, "/api/v1/nothing", headers: html)
            #expect(api.headers["content-type"] == "application/problem+json")
        }
    }

    @Test("text of JSON and HTML cannot leave its place")
    func escaping() {
        #expect(JSONValue.quoted("a\"\\\n\u{1}é") == #""a\"\\\n\u0001é""#)
        #expect(HTMLText.escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
    }
}
