import Site
import Testing

@Suite("The canonical text")
struct CanonicalTests {
    @Test("it reads back to an equal value, and is its own canonical text", arguments: Corpus.good)
    func roundTrip(file: Corpus.File) throws {
        let site = try #require(SiteFile.parse(bytes: file.bytes, file: file.name).value)
        let text = site.canonical()
        let again = SiteFile.parse(text, file: "canonical.yaml")
        #expect(again.value == site, "\(again.errors.map(\.description))\n\(text)")
        #expect(again.value?.canonical() == text)
    }

    @Test("it has every default written out")
    func defaults() throws {
        let text = try #require(SiteFile.parse("site: { name: A }").value).canonical()
        for line in [
            "timezone: UTC", "interface: eth0", "window: 1m", "raw: 30d", "minutes: 365d", "hours: forever",
            "maximum: 2GB",
            "one_wire: GPIO4", "rtc: none", "rate: 1000", "interval: 10s",
        ] {
            #expect(text.contains(line + "\n"), "\(line) in\n\(text)")
        }
    }

    @Test(
        "a text that YAML could take for something else is quoted",
        arguments: [
            "on", "No", "y", "null", "~", "42", "0x48", "1e5", "- a", "a: b", "a #b", "*x", "&x", "!x", "%x", "@x",
            "'x'",
            "\"x\"", "back\\slash", "tab\there", " lead", "trail ", "{a}", "[a]", "a,b", "?", "é", "☀", "12:30",
            "2026-03-01",
            ".5", "=", "<<", "\u{A0}x", "1_000", "0b1", "0o17", ".inf", "-", "--- x",
        ])
    func quoting(name: String) throws {
        let site = SiteFile(site: SiteDescription(name: name))
        let again = SiteFile.parse(site.canonical())
        #expect(again.value == site, "\(again.diagnostics)\n\(site.canonical())")
    }
}
