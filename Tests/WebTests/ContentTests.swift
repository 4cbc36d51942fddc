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

    @Test(
        "the part of a file that is asked for",
        arguments: [
            (nil, .whole), ("bytes=0-", .part(.init(start: 0, end: 10))), ("bytes=0-0", .part(.init(start: 0, end: 1))),
            ("Bytes=3-99", .part(.init(start: 3, end: 10))), ("bytes=-3", .part(.init(start: 7, end: 10))),
            ("bytes=-99", .part(.init(start: 0, end: 10))), ("bytes=10-", .beyond), ("bytes=-0", .beyond),
            ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("bytes=", .whole), ("bytes=-", .whole),
            ("bytes= 1-2", .whole), ("bytes=+1-2", .whole), ("lines=1-2", .whole), ("bytes=1-2-3", .whole),
            ("bytes=9999999999999999999-", .whole),
        ] as [(String?, ByteRange.Asked)])
    func range(_ field: String?, _ asked: ByteRange.Asked) { #expect(ByteRange.asked(field, of: 10) == asked) }

    @Test("of an empty file there is no part")
    func empty() {
        #expect(ByteRange.asked("bytes=0-", of: 0) == .beyond && ByteRange.asked("bytes=-1", of: 0) == .beyond)
        #expect(ByteRange.asked(nil, of: 0) == .whole)
    }

    @Test("places are given back once, also those that nobody began to use")
    func seats() {
        let seats = Seats(2)
        let first = seats.take()
        _ = seats.take()
        #expect(seats.count == 1)
        let second = seats.take()
        #expect(first != nil && second != nil && seats.take() == nil)
        first?.leave()
        first?.leave()
        #expect(seats.count == 1)
        second?.leave()
        #expect(seats.count == 0)
    }

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

    @Test(
        "a member that is there twice is found at any depth, however it is written",
        arguments: [
            (#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}"#, nil), (#"{"a":1,"a":2}"#, "a"),
            (#"{"x":[{"a":1},{"a":1,"b":"a","\u0061":2}]}"#, "a"), (#"["a","a",{"b":"b"}]"#, nil),
            (#"{"a":"\"a\":","b":"\\"}"#, nil), (#"{"":{},"":[]}"#, ""), (#" {"\\":1 , "\\":2 } "#, "\\"),
            (#"{"é":1,"\u00e9":1}"#, "é"), (#""a""#, nil), (#"{"a":[1,"b"],"b":0}"#, nil),
        ] as [(String, String?)])
    func repeatedMembers(_ json: String, _ name: String?) {
        #expect(RepeatedMember.name(in: json.utf8) == name)
    }

    @Test("a form that waits keeps what was typed, but no secret, and gives it back with what asked for it left out")
    func waitingForm() throws {
        let sent = Form("form_token=t&name=a%26b&role=viewer&password=four+words&next=%2F")
        let waiting = WaitingForm(sent, to: "/users/add")
        #expect(waiting.lacksSecret && waiting.fields.map(\.name) == ["name", "role"])
        let typed = waiting.hidden + [(WaitingForm.password, "hers"), (WaitingForm.code, "1"), ("form_token", "t")]
        let text = typed.map { "\($0.name)=\(FormText.encoded($0.value))" }.joined(separator: "&")
        let again = try #require(WaitingForm(askedFor: Form(text)))
        #expect(again.action == "/users/add" && again.lacksSecret)
        #expect(again.fields.map(\.value) == ["a&b", "viewer"])
        #expect(throws: Problem.self) { try Form(text).requireSecret() }
        #expect(throws: Never.self) { try sent.requireSecret() }
        #expect(!WaitingForm(Form("form_token=t&id=7"), to: "/users/anna/tokens").lacksSecret)
        #expect(WaitingForm(askedFor: Form("next=%2F")) == nil)
    }

    @Test("text of JSON and HTML cannot leave its place")
    func escaping() {
        #expect(JSONValue.quoted("a\"\\\n\u{1}é") == #""a\"\\\n\u0001é""#)
        #expect(HTMLText.escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
    }
}
