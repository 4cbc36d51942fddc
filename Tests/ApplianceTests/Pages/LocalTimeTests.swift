import FoundationEssentials
import Testing

@testable import Appliance
@testable import Site

@Suite("Local time without ICU") struct LocalTimeTests {
    @Test(
        "offsets of the system's zones, before, in and beyond their tables",
        arguments: [
            ("America/Denver", "2026-03-08T08:59:59.000Z", -25_200, "MST"),
            ("America/Denver", "2026-03-08T09:00:00.000Z", -21_600, "MDT"),
            ("America/Denver", "2026-11-01T07:59:59.000Z", -21_600, "MDT"),
            ("America/Denver", "2026-11-01T08:00:00.000Z", -25_200, "MST"),
            ("America/Denver", "2061-07-01T00:00:00.000Z", -21_600, "MDT"),
            ("America/Denver", "2061-12-01T00:00:00.000Z", -25_200, "MST"),
            ("Australia/Sydney", "2055-01-15T00:00:00.000Z", 39_600, "AEDT"),
            ("Australia/Sydney", "2055-07-15T00:00:00.000Z", 36_000, "AEST"),
            ("Europe/Berlin", "1980-04-06T00:59:59.000Z", 3_600, "CET"),
            ("Europe/Berlin", "1980-04-06T01:00:00.000Z", 7_200, "CEST"),
            ("Asia/Kolkata", "2026-06-01T00:00:00.000Z", 19_800, "IST"),
            ("UTC", "2026-06-01T00:00:00.000Z", 0, "UTC"),
        ])
    func offsets(name: String, time: String, seconds: Int, abbreviation: String) throws {
        let zone = try #require(LocalZone.named(name))
        let milliseconds = try #require(ISO8601.milliseconds(time))
        #expect(zone.offset(at: milliseconds / 1000).seconds == seconds)
        #expect(zone.abbreviation(milliseconds: milliseconds) == abbreviation)
    }

    @Test("a zone with a number for a name is told as an offset")
    func numericName() throws {
        let zone = try #require(LocalZone.named("Asia/Kathmandu"))
        #expect(zone.abbreviation(milliseconds: 1_800_000_000_000) == "UTC+5:45")
    }

    @Test(
        "names that are no zone, or lead out of the folder, are refused",
        arguments: ["", "Mars/Phobos", "../../etc/passwd", "/etc/passwd", "a b", "America/Denver\0"])
    func unknown(name: String) {
        #expect(LocalZone.named(name) == nil)
    }

    @Test("a damaged zone file gives no zone, or one that answers; never a crash")
    func damaged() throws {
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/America/Denver")))
        for length in stride(from: 0, to: whole.count, by: 7) {
            _ = LocalZone(name: "cut", bytes: Array(whole.prefix(length)))?.offset(at: 1_800_000_000)
        }
        for position in stride(from: 0, to: whole.count, by: 3) {
            var bytes = whole
            bytes[position] ^= 0xFF
            let zone = LocalZone(name: "flipped", bytes: bytes)
            for time: Int64 in [-10_000_000_000, 0, 1_800_000_000, 9_000_000_000] { _ = zone?.offset(at: time) }
        }
    }

    @Test(
        "dates are civil dates, both ways",
        arguments: [
            (0, 1970, 1, 1), (-1, 1969, 12, 31), (1_772_928_000, 2026, 3, 8), (951_782_400, 2000, 2, 29),
            (-62_135_596_800, 1, 1, 1),
        ])
    func civil(seconds: Int64, year: Int, month: Int, day: Int) {
        let civil = CivilTime(seconds: seconds)
        #expect((civil.year, civil.month, civil.day) == (year, month, day))
        #expect(civil.seconds == seconds)
    }

    @Test("the browser's table names every change of the zone")
    func table() throws {
        let zone = try #require(LocalZone.named("America/Denver"))
        let now = try #require(ISO8601.milliseconds("2026-11-21T00:00:00.000Z"))
        let entries = zone.table(around: now).split(separator: ";").map(String.init)
        #expect(entries.count == 1 + 22)
        #expect(entries.contains("1772960400000,-21600,MDT"))
        #expect(entries.contains("1793520000000,-25200,MST"))
    }

    @Test(
        "the changes of a year are read in every form of POSIX",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_745_999, 3_600), ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_746_000, 7_200),
            ("<-03>3", 1_774_746_000, -10_800), ("XXX-2<+0330>-3:30,J60/0,J300/0", 1_772_326_800, 12_600),
            ("IST-2IDT,M3.4.4/26,M10.5.0", 1_774_569_599, 7_200), ("IST-2IDT,M3.4.4/26,M10.5.0", 1_774_569_600, 10_800),
        ])
    func rules(text: String, time: Int64, seconds: Int) throws {
        #expect(try #require(ZoneRule(text)).offset(at: time).seconds == seconds)
    }

    @Test(
        "what is no POSIX rule is refused",
        arguments: ["", "A1", "EST", "EST5EDT,", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "EST999"])
    func badRules(text: String) {
        #expect(ZoneRule(text) == nil)
    }

    @Test("hours stay round over a clock change")
    func ticksOverChange() throws {
        let clock = LocalTime(zone: try #require(LocalZone.named("America/Denver")))
        let midnight = try #require(ISO8601.milliseconds("2026-03-08T07:00:00.000Z"))
        let ticks = TimeTicks.ticks(from: midnight, to: midnight + 86_400_000 - 3_600_000, count: 8, clock: clock)
        #expect(ticks.map(\.label) == ["8\u{A0}Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"])
        #expect(ticks[1].time - ticks[0].time == 2 * 3_600_000)
    }

    @Test("weeks are marked on Mondays, years by their number")
    func longTicks() throws {
        let clock = LocalTime(zone: try #require(LocalZone.named("Europe/Berlin")))
        let from = try #require(ISO8601.milliseconds("2026-10-01T00:00:00.000Z"))
        let weeks = TimeTicks.ticks(from: from, to: from + 40 * 86_400_000, count: 8, clock: clock)
        #expect(
            weeks.map { clock.zone.civil(milliseconds: $0.time).weekday } == Array(repeating: 1, count: weeks.count))
        let years = TimeTicks.ticks(from: from, to: from + 800 * 86_400_000, count: 8, clock: clock)
        #expect(years.filter(\.isMajor).map(\.label) == ["2027", "2028"])
    }
}
