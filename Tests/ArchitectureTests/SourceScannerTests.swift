import Testing

@Suite("What counts as code")
struct SourceScannerTests {
    @Test(
        "comments and the words in strings are no code",
        arguments: [
            ("let a = 1 // print(a)", "let a = 1 "),
            ("let s = \"print(x)\" + y", "let s = \"\" + y"),
            ("let s = \"a \\\" // b\"; f()", "let s = \"\"; f()"),
            ("/* print() */ go()", " go()"),
            ("/// try! this", ""),
        ])
    func oneLine(line: String, code: String) {
        var scanner = SourceScanner()
        #expect(scanner.scan(line).code == code)
    }

    @Test("strings and comments of several lines end where they end")
    func severalLines() {
        let file = SourceFile(path: "Sources/A/a.swift", text: "f(\"\"\"\n    print(1)\n    \"\"\")\n/* x\n*/ g()")
        #expect(file.code == ["f(", "", ")", "", " g()"])
        #expect(file.statements[1] == "    print(1)")
    }

    @Test(
        "a forced unwrap is told from a negation",
        arguments: [
            ("a!.b", true), ("f()!", true), ("x[0]!", true), ("if !a {", false), ("a != b", false),
            ("var v: Int!", true),
            ("(!a)", false),
        ])
    func forcedUnwrap(line: String, isForced: Bool) {
        #expect(line.forcesUnwrap == isForced)
    }

    @Test(
        "a word is found as a word",
        arguments: [
            ("print(x)", "print(", true), ("fingerprint(x)", "print(", false), ("sqlite3_open()", "sqlite3_", true),
            ("environment", "environ", false), ("stdout", "stdout", true), ("withStdout", "stdout", false),
        ])
    func words(line: String, piece: String, isFound: Bool) {
        #expect(line.containsWord(piece) == isFound)
    }
}
