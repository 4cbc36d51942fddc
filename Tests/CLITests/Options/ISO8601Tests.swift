import FoundationEssentials
import Site
import Testing

@Suite("Wall time as text")
struct ISO8601Tests {
    @Test("agrees with Foundation on days of 800 years since the Gregorian reform, and reads itself back")
    func days() {
        for day in stride(from: Int64(-130_000), to: 162_200, by: 13) {
            let time = day * 86_400_000 + 3_723_004
            let text = ISO8601.string(milliseconds: time)
            let expected = Date(timeIntervalSince1970: Double(time - 4) / 1000).formatted(.iso8601)
            #expect(text == expected.dropLast() + ".004Z")
            #expect(ISO8601.milliseconds(text) == time)
        }
    }

    @Test(
        "what RFC 3339 allows is read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00.5z", 500), ("1970-01-01 00:00:00.123999Z", 123),
            ("1970-01-01T02:00:00+02:00", 0), ("1969-12-31T17:00:00-0700", 0), ("1970-01-01T05:30:00+05:30", 0),
            ("1969-12-31T23:59:59.999Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("1970-01-01T01:00:00+01", 0),
        ] as [(String, Int64)])
    func read(text: String, milliseconds: Int64) {
        #expect(ISO8601.milliseconds(text) == milliseconds)
    }

    @Test(
        "what is not a time is not made into one",
        arguments: [
            "", "2026", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zulu", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:", "２０26-01-01T00:00:00Z",
            "-026-01-01T00:00:00Z",
        ])
    func refuse(text: String) {
        #expect(ISO8601.milliseconds(text) == nil)
    }
}
