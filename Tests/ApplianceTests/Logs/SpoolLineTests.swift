import Site
import Testing

@testable import Appliance

@Suite("A line of the hand-over")
struct SpoolLineTests {
    /// As rsyslog renders it.
    private static func text(
        _ raw: String, claimed: String = "2026-09-21T13:33:10+00:00", host: String = "RUT955", program: String = "-",
        process: String = "-", data: String = "-", priority: String = "3\t4"
    ) -> String {
        "1\t1790000000.123456\t4711\t192.0.2.1\ttcp\t\(priority)\t\(claimed)\t\(host)\t\(program)\t\(process)\t-\t\(data)\t\(raw)\t."
    }

    private func parsed(_ text: String) -> SpoolLine? { SpoolLine(Array(text.utf8)[...]) }

    @Test("every field is where it belongs")
    func fields() throws {
        let raw = "Sep 21 13:33:10 RUT955 pppd[812]: LCP terminated by peer"
        let line = try #require(parsed(Self.text(raw, program: "pppd", process: "812")))
        #expect(line.wall == 1_790_000_000_123 && line.uptime == 4711 && line.address == "192.0.2.1")
        #expect(line.facility == .daemon && line.severity == .warning && line.claimed == 1_789_997_590_000)
        #expect(line.host == "RUT955" && line.program == "pppd[812]" && line.text == "LCP terminated by peer")
    }

    @Test(
        "what the sender put around its message is taken off where it is what it seems, and else kept",
        arguments: [
            ("Sep 21 13:33:10 RUT955 kernel: [12.3] link up", "kernel", "-", "-", "kernel", "[12.3] link up"),
            (
                "Sep 21 13:33:10 RUT955 system,info,account user admin in", "system,info,account", "-", "-",
                "system,info,account", "user admin in"
            ),
            ("1 2026-09-21T13:33:10Z RUT955 vapix 77 ID1 - motion", "vapix", "77", "-", "vapix[77]", "ID1 motion"),
            ("1 2026-09-21T13:33:10Z - vapix - - - motion", "vapix", "-", "-", "vapix", "motion"),
            (
                "Sep 21 13:33:10 RUT955 ftp client gave up, ftp: 530 Login incorrect", "ftp", "-", "-", "ftp",
                "client gave up, ftp: 530 Login incorrect"
            ),
            (
                "1 2026-09-21T13:33:10Z RUT955 vapix - - [a@1 b=\"c d\"] motion", "vapix", "-", "[a@1 b=\"c d\"]",
                "vapix",
                "[a@1 b=\"c d\"] motion"
            ),
            ("1 2026-09-21T13:33:10Z RUT955 vapix - - -", "vapix", "-", "-", "vapix", ""),
            (
                "Sep 21 13:33:10 RUT955 [ INFO    ] ftpd[9]: in", "-", "-", "-", nil,
                "Sep 21 13:33:10 RUT955 [ INFO    ] ftpd[9]: in"
            ),
            (
                "a message without what was found in it", "other", "-", "-", nil,
                "a message without what was found in it"
            ),
        ] as [(String, String, String, String, String?, String)])
    func header(
        raw: String, program: String, process: String, data: String, expected: String?, text: String
    ) throws {
        let line = try #require(parsed(Self.text(raw, program: program, process: process, data: data)))
        #expect(line.program == expected && line.text == text)
    }

    @Test("a message without a time has no host and no program either: words of it were taken for them")
    func timeless() throws {
        let now = "2026-09-21T14:13:20.123456+00:00"
        let line = try #require(parsed(Self.text("hello there world", claimed: now, host: "hello", program: "there")))
        #expect(line.claimed == nil && line.host == nil && line.program == nil && line.text == "hello there world")
    }

    @Test("of a stranger it is known that it sends; a priority that is none is user.notice")
    func odd() throws {
        let stranger = try #require(parsed("0\t1790000000.1\t4711\t198.51.100.9\tudp\t."))
        #expect(stranger.address == "198.51.100.9" && stranger.text.isEmpty)
        let line = try #require(parsed(Self.text("x", priority: "invld\t7")))
        #expect(line.facility == .user && line.severity == .notice)
    }

    @Test("a line that was cut anywhere is no line")
    func cut() {
        let good = Self.text("text")
        for length in good.utf8.indices { #expect(SpoolLine(Array(good.utf8[..<length])[...]) == nil) }
    }

    @Test(
        "garbage is no line",
        arguments: [
            "", "\t", "x", ".", "\t.", String(repeating: "\t", count: 14) + ".", "0\tx.1\t1\ta\tudp\t.",
            "0\t-1.1\t1\ta\tudp\t.", "0\t9999999999999999.1\t1\ta\tudp\t.", "0\t1.1\t\ta\tudp\t.",
            "2\t1.1\t1\ta\tudp\t.",
            "0\t1\t1\ta\tudp\t.",
        ])
    func garbage(text: String) { #expect(parsed(text) == nil) }

    @Test("no bytes stop it: what is not UTF-8 and what is a control character is replaced")
    func bytes() throws {
        let parts = Self.text("|").split(separator: "|").map { Array($0.utf8) }
        let line = try #require(SpoolLine((parts[0] + [0xFF, 0xC3, 0x28, 0xC2, 0x9B, 0x1B] + parts[1])[...]))
        #expect(line.text == "\u{FFFD}\u{FFFD}(\u{FFFD}\u{FFFD}")
        var generator = SystemRandomNumberGenerator()
        let good = Array(Self.text("Sep 21 13:33:10 RUT955 pppd[812]: LCP", program: "pppd", process: "812").utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = SpoolLine(bytes[...])?.line(now: Timestamp(wall: 1, boot: 1, monotonic: 1, isTrusted: true))
        }
    }

    @Test("a line that was stamped before the clock was set gets the time at which it came")
    func clockWasSet() throws {
        let line = try #require(parsed(Self.text("x")))
        let near = line.line(now: .init(wall: 1_790_000_010_000, boot: 2, monotonic: 4_720_900, isTrusted: true))
        #expect(near.received == .init(wall: 1_790_000_000_123, boot: 2, monotonic: 4_711_023, isTrusted: true))
        let far = line.line(now: .init(wall: 1_800_000_010_000, boot: 2, monotonic: 4_720_900, isTrusted: true))
        #expect(far.received == .init(wall: 1_800_000_000_100, boot: 2, monotonic: 4_711_000, isTrusted: true))
    }
}
