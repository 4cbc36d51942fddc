import Foundation
import Site
import Testing

/// The pages as people see them, in chromium.
@Suite("Pages in a browser", .serialized)
struct PageTests {
    private static let site = """
        site: { name: "Trailer <b>42</b>" }
        network: { router: { address: 127.0.0.2 }, camera: { address: 127.0.0.3 } }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1, interval: 1s }
          - { id: battery, name: Battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
        """

    @Test("on a phone and on a desk, by day and by night: nothing sticks out, nothing complains, text can be read")
    func layout() async throws {
        try await Unit.with { unit in
            try await unit.start(["--site", unit.write(site: Self.site).path, "--simulate"])
            try await eventually("log lines") { try await !self.lines(unit).isEmpty }
            try await Browser.with { browser in
                for path in ["/", "/history", "/relays", "/footage", "/logs", "/events", "/support"] {
                    for width in [360, 1280] {
                        for isDark in [false, true] {
                            try await browser.open(unit.address + path, width: width, isDark: isDark)
                            let place = "\(path) at \(width)\(isDark ? ", dark" : "")"
                            let wide = try await browser.evaluate("document.documentElement.scrollWidth", as: Int.self)
                            #expect(wide <= width, "\(place): \(wide) px wide")
                            let colours = try await browser.evaluate(Self.luminances, as: [Double].self)
                            let contrast = ((colours.max() ?? 0) + 0.05) / ((colours.min() ?? 1) + 0.05)
                            #expect(contrast > 7 && (colours[0] > colours[1]) == isDark, "\(place): \(colours)")
                            let name = path == "/" ? "site" : String(path.dropFirst())
                            try await browser.keep("\(name)-\(width)\(isDark ? "-dark" : "")")
                        }
                    }
                }
                #expect(await browser.complaints.isEmpty)
            }
        }
    }

    /// Relative luminance (WCAG 2.2) of the text and of the page.
    private static let luminances = """
        [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].map((text) => {
          const [r, g, b] = text.match(/[\\d.]+/g).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        })
        """

    private func lines(_ unit: Unit) async throws -> [RecordedLine] {
        try await unit.get("/api/v1/logs?limit=1000").decode(LogsDocument.self).lines
    }

    @Test("hostile log lines are text, those that were there and those that come while one looks")
    func hostile() async throws {
        let hostile = [
            "<script>document.title='taken'</script>", "<img src=x onerror=\"document.title='taken'\">",
            "</td></tr></table><h1 id=taken>", "\" onmouseover=\"document.title='taken'", "<svg onload=alert(1)>",
            "javascript:alert(1)", "{{7*7}} ${7*7} <%= 7*7 %>", "&lt;b&gt; &amp; &#x3C;script&#x3E;", "\u{202E}gnp.exe",
            "<iframe srcdoc='<script>parent.document.title=1</script>'>", "-->]]></script><script>alert(1)</script>",
            "<style>*{display:none}</style>", "<base href=//evil.invalid>", "<meta http-equiv=refresh content=0>",
            "\u{1B}[31mred\u{7}",
        ]
        let site = Self.site.replacing(/sensors:(.|\n)*/, with: "")
        try await SyslogServer.with(site: site) { unit, server, _ in
            try await server.send(Self.messages(hostile, "before"), from: "127.0.0.3")
            try await eventually("rows") { try await self.lines(unit).count == hostile.count }
            try await Browser.with { browser in
                try await browser.open(unit.address + "/logs")
                let title = try await browser.evaluate("document.title", as: String.self)
                #expect(try await texts(browser).count == hostile.count)
                try await server.send(Self.messages(hostile, "after"), from: "127.0.0.3")
                try await eventually("live rows") { try await texts(browser).count == 2 * hostile.count }
                // The same text, whoever made the row; newest first.
                let stored = try await lines(unit).map(\.line.text)
                #expect(try await texts(browser) == stored)
                #expect(try await browser.evaluate("document.title", as: String.self) == title)
                let rows =
                    "[...document.querySelectorAll('#lines tbody tr')].map((row) => row.className + row.textContent)"
                let live = try await browser.evaluate(rows, as: [String].self)
                let foreign =
                    "document.querySelectorAll('#lines :is(script, img, svg, iframe, style, h1, b, meta, base)')"
                #expect(try await browser.evaluate("\(foreign).length", as: Int.self) == 0)
                #expect(try await browser.evaluate("document.getElementById('taken') === null", as: Bool.self))
                let names =
                    "[...document.querySelectorAll('#lines tbody tr td:nth-child(3)')].map((n) => n.textContent)"
                #expect(try await Set(browser.evaluate(names, as: [String].self)) == ["camera"])
                try await browser.open(unit.address + "/logs")
                #expect(try await browser.evaluate(rows, as: [String].self) == live, "the page and its script differ")
                #expect(await browser.complaints.isEmpty)
                try await browser.keep("logs-hostile")
            }
        }
    }

    private static func messages(_ texts: [String], _ mark: String) -> [UInt8] {
        texts.flatMap { Array("<13>Sep 21 13:33:10 host \(mark): \($0)\n".utf8) }
    }

    /// The lines on the page.
    private func texts(_ browser: Browser) async throws -> [String] {
        try await browser.evaluate(
            "[...document.querySelectorAll('#lines td.line bdi')].map((line) => line.textContent)")
    }
}
