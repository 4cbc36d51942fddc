import Bench
import Testing

@Suite("The transcript of a machine")
struct TranscriptTests {
    @Test(
        "keeps what people read, and nothing for a terminal",
        arguments: [
            ("a\r\nb\u{0}\u{7}\r\n", "a\nb\n"), ("\u{1B}[0;32m  OK  \u{1B}[0m] Started\n", "  OK  ] Started\n"),
            ("\u{1B}]0;title\u{7}x\u{1B}]0;title\u{1B}\\y\u{1B}cz", "xyz"), ("über 21 °C\tx", "über 21 °C\tx"),
            ("\u{1B}[", ""), ("\u{1B}", ""), ("", ""),
        ])
    func plain(console: String, text: String) {
        #expect(Transcript.plain(console) == text)
    }

    @Test("leaves out what opens the unit")
    func token() {
        let text = Transcript.plain("  page         https://x/\r\n  first login  7K3M-92QF-AAAA\r\npicli login:")
        #expect(text == "  page         https://x/\n  first login  (left out)\npicli login:")
    }

    @Test("has each start with its moments, what was asked, and how it ended")
    func starts() {
        var transcript = Transcript("An image")
        transcript.add("one\r\n", moments: [], answers: [], end: "the power is cut")
        transcript.add(
            "two", moments: [.init("login:", after: .milliseconds(38_749))], answers: [("uname -m", "aarch64")],
            end: "the end")
        #expect(
            transcript.text == """
                An image

                === the power is on ===
                one

                === the power is cut ===

                === the power is on ===
                two
                === after 38.7 s: login:
                === # uname -m
                aarch64
                === the end ===

                """)
    }
}
