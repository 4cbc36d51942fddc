import FoundationEssentials
import Platform
import Testing

@testable import Provision

@Suite("Labels")
struct LabelDrawingTests {
    private func svg(_ content: LabelContent, _ size: LabelSize = .small) async throws -> LabelSVG {
        LabelSVG(content, code: try await QRCode(content.setupURL, runner: LabelFixtures.runner), size: size)
    }

    @Test(
        "a scanner reads the setup address from the picture",
        arguments: ["62x29", "100x62", "90x29", "148x105", "62x100"])
    func scanned(size: String) async throws {
        let content = try LabelFixtures.content()
        let size = try #require(LabelSize(size))
        let png = try await LabelPNG(try await svg(content, size), runner: LabelFixtures.runner)
        #expect(try await LabelFixtures.scanned(png.bytes) == content.setupURL)
    }

    @Test("the label is as it was looked at", arguments: ["62x29", "100x62"])
    func golden(size: String) async throws {
        let label = try await svg(try LabelFixtures.content(), try #require(LabelSize(size)))
        let name = "label-\(size).svg"
        #expect(try LabelFixtures.matches(label.text, name), "what it is now: .build/golden/\(name)")
    }

    @Test("the picture has 300 dots to the inch, says so, and its chunks are whole")
    func resolution() async throws {
        let png = try await LabelPNG(try await svg(try LabelFixtures.content()), runner: LabelFixtures.runner)
        let script = """
            import sys, struct, zlib
            data = sys.stdin.buffer.read()
            at, names = 8, []
            while at < len(data):
                length, name = struct.unpack(">I4s", data[at:at + 8])
                body = data[at + 4:at + 8 + length]
                assert zlib.crc32(body) == struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], name
                names.append(name.decode())
                if name == b"IHDR": print(*struct.unpack(">II", body[4:12]))
                if name == b"pHYs": print(*struct.unpack(">IIB", body[4:]))
                at += 12 + length
            print(names[0], names[-1], names.count("pHYs"))
            """
        let result = try await LabelFixtures.runner.run(Command("python3", ["-c", script], input: png.bytes))
        #expect(result.text == "732 343\n11811 11811 1\nIHDR IEND 1\n")
    }

    @Test("the edges of the code's modules are edges of dots: the code has no grey", arguments: ["62x29", "100x62"])
    func crisp(size: String) async throws {
        let size = try #require(LabelSize(size))
        let label = try await svg(try LabelFixtures.content(), size)
        let move = try #require(
            label.text.firstMatch(of: #/<path transform="translate\(([0-9.]+) ([0-9.]+)\) scale\(([0-9.]+)\)"/#))
        for length in [move.1, move.2, move.3] {
            let dots = try #require(Double(length)) / Dot.size
            #expect(abs(dots - dots.rounded()) < 0.001)
        }
    }

    @Test(
        "what is in a site's name stands on the label as it is, and nothing of it acts",
        arguments: [
            ("A<&>\"'B", "A<&>\"'B"), ("</text><script>alert(1)</script>", "</text><script>alert(1)</s…"),
            ("a\u{0}b\u{7}c\u{1B}[31m", "a b c [31m"), ("\u{202E}abc\u{2066}", "abc"), ("x\u{FFFE}\u{FFFF}y", "xy"),
            ("line\nbreak\r\n\ttab", "line break tab"), ("שלום עולם", "שלום עולם"), ("Café № 5", "Café № 5"),
            ("🏗️ Site", "🏗️ Site"), ("]]>&amp;<!--", "]]>&amp;<!--"),
        ])
    func escaped(name: String, shown: String) async throws {
        let texts = try await LabelFixtures.texts(try await svg(try LabelFixtures.content(site: name)).text)
        #expect(texts.contains(shown), "\(texts)")
    }

    @Test("a name of 200 characters ends with an ellipsis, and the line stays on the label")
    func long() async throws {
        let texts = try await LabelFixtures.texts(
            try await svg(try LabelFixtures.content(site: String(repeating: "Long name ", count: 20))).text)
        let line = try #require(texts.first { $0.hasPrefix("Long") })
        #expect(line.hasSuffix("…") && (12...30).contains(line.count), "\(line)")
    }

    @Test("an ID of 64 characters is on the label, whole")
    func longID() async throws {
        let id = String(repeating: "abcdefg-", count: 7) + "12345678"
        let content = try LabelFixtures.content(unit: id)
        for size in [LabelSize.small, .large] {
            let label = try await svg(content, size)
            #expect(try await LabelFixtures.texts(label.text).joined().contains(id))
            let png = try await LabelPNG(label, runner: LabelFixtures.runner)
            #expect(try await LabelFixtures.scanned(png.bytes) == content.setupURL)
        }
    }

    @Test("token and fingerprint are on the label in full, and nothing is loaded from elsewhere")
    func whole() async throws {
        let content = try LabelFixtures.content()
        let token = try #require(content.token)
        let fingerprint = try #require(content.fingerprint)
        for size in [LabelSize.small, .large] {
            let label = try await svg(content, size)
            let texts = try await LabelFixtures.texts(label.text)
            let joined = texts.joined()
            #expect(joined.contains(token.text))
            for line in fingerprint.lines(8) { #expect(texts.contains(line)) }
            #expect(texts.contains("pi-7k3m92qf") && texts.contains("Trailer 42"))
            #expect(texts.contains("https://192.168.1.10/setup"))
            for outside in ["href", "<image", "<script", "<style", "url(", "@import", "<foreignObject", "<!DOCTYPE"] {
                #expect(!label.text.contains(outside))
            }
        }
    }

    @Test("a label without token, fingerprint and numbers leads to the pages")
    func bare() async throws {
        var content = try LabelFixtures.content()
        content.token = nil
        content.fingerprint = nil
        content.mac = nil
        content.boardSerial = nil
        for size in [LabelSize.small, .large] {
            let label = try await svg(content, size)
            let png = try await LabelPNG(label, runner: LabelFixtures.runner)
            #expect(try await LabelFixtures.scanned(png.bytes) == "https://192.168.1.10/")
            #expect(!label.text.contains("Setup"))
        }
    }

    @Test(
        "sizes that no label has are refused",
        arguments: [
            "", "x", "62", "62x", "x29", "61x29", "62x28", "149x62", "100x106", "-62x29", "62x29x1", "1e2x62", "NaNx29",
            "62 x 29", "infx29",
        ])
    func sizes(text: String) { #expect(LabelSize(text) == nil) }

    @Test("sizes are read with x and ×, and with decimals")
    func goodSizes() {
        #expect(LabelSize("62x29") == .small)
        #expect(LabelSize("100×62") == .large)
        #expect(LabelSize("62.5x29.5")?.width == 62.5)
    }
}
