import ArgumentParser
import Site
import Testing

@testable import picli

@Suite("What is typed")
struct TypedTextTests {
    @Test(
        "times with a zone, and days of UTC",
        arguments: [
            ("2026-03-01", 1_772_323_200_000), ("2026-03-01T08:00:00Z", 1_772_352_000_000),
            ("2026-03-01T08:00:00.250Z", 1_772_352_000_250), ("2026-03-01T01:00:00-07:00", 1_772_352_000_000),
        ] as [(String, Int64)])
    func instants(text: String, milliseconds: Int64) throws {
        #expect(try TypedText.instant(text) == milliseconds)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "yesterday", "2026-13-01", "2026-03-01T08:00:00Zulu", "2026-03-01T08:00:00", "1772352000", "2026-02-30",
        ])
    func noInstants(text: String) {
        #expect(throws: TypedText.Mistake.self) { try TypedText.instant(text) }
    }

    @Test("a time without its zone is told what is missing")
    func zone() {
        let mistake = #expect(throws: TypedText.Mistake.self) { try TypedText.instant("2026-03-01T08:00:00") }
        #expect(mistake?.description == "the zone is missing; 2026-03-01T08:00:00Z is UTC.")
    }

    @Test("steps are raw, automatic, or whole seconds")
    func steps() throws {
        #expect(try TypedText.step("raw") == .raw)
        #expect(try TypedText.step("auto") == .points(600))
        #expect(try TypedText.step("5m") == .seconds(300))
        #expect(throws: TypedText.Mistake.self) { try TypedText.step("1500ms") }
        #expect(throws: TypedText.Mistake.self) { try TypedText.step("0s") }
        #expect(throws: TypedText.Mistake.self) { try TypedText.step("10") }
    }

    @Test("a range ends now, after the newest reading, unless it says otherwise")
    func ranges() throws {
        func range(_ arguments: String...) throws -> Range<Int64> {
            try RangeOptions.parse(arguments).resolved(now: 10_000_000, otherwise: .seconds(60))
        }
        #expect(try range() == 9_940_001..<10_000_001)
        #expect(try range("--since", "1h") == 6_400_001..<10_000_001)
        #expect(try range("--from", "1970-01-01T00:00:01Z") == 1000..<10_000_001)
        #expect(try range("--from", "1970-01-01T00:00:01Z", "--to", "1970-01-01T00:00:02Z") == 1000..<2000)
        #expect(try range("--since", "1s", "--to", "1970-01-01T00:00:02Z") == 1000..<2000)
        #expect(try range("--from", "2030-01-01").isEmpty)
    }
}
