import Testing

@testable import picli

@Suite("Tables")
struct TableTests {
    @Test("columns are aligned, the last wraps by words, nothing is cut")
    func layout() {
        var table = Table([.init(title: "NAME"), .init(title: "VALUE", alignment: .right), .init(title: "NOTE")])
        table.append(["enclosure.temperature", "21.4", ""])
        table.append(["a", "no data", "sensor not present, clock not set"])
        let text = table.text(for: Terminal(width: 52))
        #expect(
            text == """
                NAME                     VALUE  NOTE
                enclosure.temperature     21.4
                a                      no data  sensor not present,
                                                clock not set

                """)
    }

    @Test("a name longer than the line stays whole")
    func longName() {
        var table = Table([.init(title: "NAME"), .init(title: "NOTE")])
        let name = String(repeating: "x", count: 100)
        table.append([name, "here"])
        #expect(table.text(for: Terminal(width: 80)).contains(name + "  here\n"))
    }

    @Test("a heading is bold in a terminal, and has no colour anywhere else")
    func heading() {
        let table = Table([.init(title: "NAME")])
        #expect(table.text(for: Terminal(hasColor: true)) == "\u{1B}[1mNAME\u{1B}[0m\n")
        #expect(table.text(for: Terminal()) == "NAME\n")
    }

    @Test(
        "lines break between words",
        arguments: [
            ("", 10, [""]), ("one two three", 7, ["one two", "three"]), ("extraordinary", 5, ["extraordinary"]),
        ])
    func wrapping(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
    }
}
