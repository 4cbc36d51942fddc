import Testing

@testable import Site

@Suite("Words of the site file")
struct WordTests {
    @Test(
        "a misspelt word is recognised, an unrelated one is not",
        arguments: [
            ("sensor", "sensors"), ("sesnors", "sensors"), ("sensros", "sensors"), ("SENSORS", "sensors"),
            ("relay", "relays"), ("xyzzy", nil),
            ("s", nil), ("", nil), ("netwrok", "network"),
        ] as [(String, String?)])
    func suggestion(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, in: ["sensors", "relays", "network", "storage"]) == expected)
    }

    @Test(
        "the distance counts insertions, deletions, replacements and swaps",
        arguments: [
            ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("ca", "abc", 3),
            ("kitten", "sitting", 3),
        ])
    func distance(a: String, b: String, expected: Int) {
        #expect(Suggestion.distance(Array(a), Array(b)) == expected)
        #expect(Suggestion.distance(Array(b), Array(a)) == expected)
    }

    @Test(
        "events that are meant",
        arguments: [
            ("relay.switched", true), ("relay.*", true), ("relay.switched@strobe", true), ("relay.*@strobe", true),
            ("relay.switched@door", false), ("relay.switch", false), ("sensor.*", false), ("rel.*", false),
        ])
    func events(text: String, isMeant: Bool) throws {
        let pattern = try #require(EventPattern(text))
        let time = Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: true)
        let event = Event(
            Event.Code(rawValue: "relay.switched"), .info, subject: "strobe", message: "", at: time)
        #expect(pattern.matches(event) == isMeant)
        #expect(pattern.description == text)
    }

    @Test(
        "what is no event is none",
        arguments: [
            "", "relay", ".", "relay.", ".switched", "*.*", "*", "relay.sw*", "relay.switched@", "a.b@c@d", "A.b",
            "a.b@c d",
        ])
    func noEvents(text: String) { #expect(EventPattern(text) == nil) }

    @Test(
        "sizes",
        arguments: [
            ("2GB", 2_000_000_000), ("64GiB", 68_719_476_736), ("1.5MB", 1_500_000), ("0B", 0), ("2 GB", nil),
            ("2gb", nil), ("2", nil),
            ("-1B", nil), ("0.5B", nil), ("9999999TB", nil), ("1e3MB", nil), ("GB", nil),
        ] as [(String, Int64?)])
    func sizes(text: String, expected: Int64?) {
        #expect(ByteSize.bytes(text) == expected)
    }

    @Test(
        "a size is written so that it reads back",
        arguments: [0, 1, 999, 1000, 1024, 1_500_000, 1 << 30, 2_000_000_000, 123_456_789])
    func sizeTexts(bytes: Int64) {
        #expect(ByteSize.bytes(ByteSize.text(bytes)) == bytes)
    }

    @Test(
        "time zones",
        arguments: [
            ("UTC", .known), ("America/Denver", .known), ("Europe/Kyiv", .known), ("Etc/GMT+7", .known),
            ("America/Argentina/Salta", .known),
            ("Europe/Berln", .wrong(nearest: "Europe/Berlin")), ("Mars/Olympus", .wrong(nearest: nil)),
            ("PST", .wrong(nearest: nil)),
            ("America/Brandnewtownville", .unknown), ("", .wrong(nearest: nil)),
        ] as [(String, TimeZoneNames.Verdict)])
    func timeZones(name: String, expected: TimeZoneNames.Verdict) {
        #expect(TimeZoneNames.check(name) == expected)
    }

    @Test(
        "numbers are those of YAML 1.2 and JSON",
        arguments: [
            ("1", 1), ("-1.5", -1.5), ("+2", 2), ("1e3", 1000), ("1.25E-2", 0.0125), ("0x10", nil), ("nan", nil),
            ("inf", nil), (".5", nil),
            ("5.", nil), ("1_000", nil), ("1e", nil), ("", nil), ("-", nil), ("1e999", nil), ("٣", nil),
        ] as [(String, Double?)])
    func numbers(text: String, expected: Double?) {
        #expect(DecimalText.number(text) == expected)
    }
}
