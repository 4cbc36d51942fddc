import Testing

@testable import Site

@Suite("The secrets of a site")
struct SecretsTests {
    @Test("a name and a text each")
    func good() throws {
        let secrets = try Secrets.parse("nms-auth: correct horse\n# a comment\npin: 0042\nquoted: \"a: b\"\n")
        #expect(secrets["nms-auth"] == "correct horse" && secrets["pin"] == "0042" && secrets["quoted"] == "a: b")
        #expect(secrets["other"] == nil)
    }

    @Test(
        "what is wrong is said without what stands there",
        arguments: [
            "- hunter2\n", "a: [hunter2]\n", "a:\n", "a: hunter2\n  b: c: d\n", "hunter2", "\u{0}", "a: {b: hunter2}\n",
            "a: hunter2\na: hunter3\n", "a: &b hunter2\n",
        ])
    func bad(text: String) {
        let error = #expect(throws: SecretsError.self) { try Secrets.parse(text) }
        #expect(error?.reason.contains("hunter2") == false)
    }

    @Test("an empty file has none", arguments: ["", "# nothing\n"])
    func empty(text: String) throws {
        #expect(try Secrets.parse(text) == Secrets())
    }
}
