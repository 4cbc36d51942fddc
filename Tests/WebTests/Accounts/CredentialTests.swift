import HTTPTypes
import Testing

@testable import Web

@Suite("What a request shows") struct CredentialTests {
    @Test(
        "the token of an Authorization field",
        arguments: [
            ("Bearer abc", "abc"), ("bearer   abc", "abc"), ("Basic dXNlcjpzZWNyZXQ6MQ==", "secret:1"),
            ("Basic dXNlcg==", nil), ("Basic !!!", nil), ("Digest x", nil), ("", nil), ("Bearer", nil),
        ] as [(String, String?)])
    func authorization(_ field: String, _ token: String?) { #expect(Credentials.token(of: field) == token) }

    @Test(
        "the session among cookies",
        arguments: [
            (["__Host-picli=abc"], "abc"), (["a=b; __Host-picli=abc; c=d"], "abc"),
            (["a=b", " __Host-picli=x=y"], "x=y"),
            (["picli=abc"], nil), (["__Host-picli"], nil), ([";;;=;"], nil), ([], nil),
        ] as [([String], String?)])
    func cookies(_ fields: [String], _ secret: String?) { #expect(Credentials.session(of: fields) == secret) }

    @Test("the fields of a form, and no crash of any bytes")
    func form() {
        let form = Form("name=Anna+B%C3%BChler&password=a%26b%3Dc&empty=&flag&name=last&bad=%zz&worse=%F")
        #expect(form["name"] == "last" && form["password"] == "a&b=c" && form["empty"] == "" && form["flag"] == "")
        #expect(form["bad"] == "" && form["worse"] == "" && form["none"] == "")
        #expect(FormText.encoded("/history?from=1&to=é") == "/history%3Ffrom%3D1%26to%3D%C3%A9")
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = Form(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(
        "who may change something",
        arguments: [
            ([:], true), (["Sec-Fetch-Site": "same-origin", "Origin": "null"], true),
            (["Sec-Fetch-Site": "cross-site"], false), (["Sec-Fetch-Site": "same-site"], false),
            (["Sec-Fetch-Site": "none"], false), (["Origin": "https://192.0.2.10"], true),
            (["Origin": "https://192.0.2.10:8443"], false), (["Origin": "http://192.0.2.10"], false),
            (["Origin": "null"], false), (["Origin": "https://evil.example"], false),
        ] as [([String: String], Bool)])
    func origin(_ fields: [String: String], _ isAdmitted: Bool) throws {
        var request = HTTPRequest(method: .post, scheme: "https", authority: "192.0.2.10", path: "/sign-out")
        for (name, value) in fields { request.headerFields[try #require(HTTPField.Name(name))] = value }
        #expect(SameOrigin.admits(request) == isAdmitted)
    }
}
