import Foundation
import Site
import Testing

@Suite("Schedules in time") struct RelayScheduleTests {
    private static func zone(_ name: String) throws -> LocalZone {
        try #require(
            LocalZone.named(name) {
                FileManager.default.contents(atPath: "/usr/share/zoneinfo/\($0)").map { [UInt8]($0) }
            })
    }

    /// Changes from one moment to another, as `2026-03-01T14:00:00.000Z on`.
    private static func changes(
        _ lines: [String], _ from: String, _ to: String, zone: String = "America/Denver", holidays: [DateRange] = [],
        sun: Sun? = nil
    ) throws -> [String] {
        let entries = try lines.map { try #require(ScheduleEntry($0)) }
        let schedule = RelaySchedule(entries, zone: try Self.zone(zone), sun: sun, holidays: holidays)
        let end = try #require(ISO8601.milliseconds(to))
        var time = try #require(ISO8601.milliseconds(from)) - 1
        var changes: [String] = []
        while let next = schedule.next(after: time), next.time < end, changes.count < 50 {
            changes.append("\(ISO8601.string(milliseconds: next.time).prefix(16)) \(next.state.rawValue)")
            #expect(schedule.last(until: next.time) == next)
            #expect(schedule.last(until: next.time + 1) == next)
            time = next.time
        }
        return changes
    }

    @Test("weekdays, over a week")
    func week() throws {
        // 2026-03-02 is a Monday; Denver is seven hours behind.
        #expect(
            try Self.changes(["mon-fri 07:00..19:30: on"], "2026-03-05T00:00:00Z", "2026-03-07T12:00:00Z") == [
                "2026-03-05T02:30 off", "2026-03-05T14:00 on", "2026-03-06T02:30 off", "2026-03-06T14:00 on",
                "2026-03-07T02:30 off",
            ])
    }

    @Test("a span over midnight ends on the next day")
    func midnight() throws {
        #expect(
            try Self.changes(["fri 22:00..06:00: on"], "2026-03-06T00:00:00Z", "2026-03-09T00:00:00Z", zone: "UTC") == [
                "2026-03-06T22:00 on", "2026-03-07T06:00 off",
            ])
    }

    @Test("dates replace holidays, holidays replace weekdays, and an end of the day before still comes")
    func replaced() throws {
        let day = try #require(CalendarDate(month: 12, day: 25))
        let lines = [
            "daily 08:00..20:00: on", "sat 22:00..02:00: on", "holidays 10:00..12:00: on", "2027-12-25 00:00: off",
        ]
        let holidays = [DateRange(first: day, last: day)]
        #expect(
            try Self.changes(lines, "2026-12-25T00:00:00Z", "2026-12-26T00:00:00Z", zone: "UTC", holidays: holidays)
                == [
                    "2026-12-25T10:00 on", "2026-12-25T12:00 off",
                ])
        #expect(
            try Self.changes(lines, "2027-12-25T00:00:00Z", "2027-12-26T00:00:00Z", zone: "UTC", holidays: holidays)
                == [
                    "2027-12-25T00:00 off"
                ])
        #expect(
            try Self.changes(lines, "2026-12-26T21:00:00Z", "2026-12-27T07:00:00Z", zone: "UTC", holidays: holidays)
                == [
                    "2026-12-26T22:00 on", "2026-12-27T02:00 off",
                ])
    }

    @Test("in spring what falls into the hour left out comes when it is over, in order")
    func spring() throws {
        // 2026-03-08 in Denver: 02:00 becomes 03:00, which is 09:00 UTC.
        #expect(
            try Self.changes(["02:30: on", "03:30: off"], "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z") == [
                "2026-03-08T09:00 on", "2026-03-08T09:30 off",
            ])
        #expect(
            try Self.changes(["02:15..02:45: on"], "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z").isEmpty,
            "a span that lies in it does not happen")
    }

    @Test("in autumn what comes twice counts once, the first time")
    func autumn() throws {
        // 2026-11-01 in Denver: 02:00 becomes 01:00; 01:30 is 07:30 and 08:30 UTC.
        #expect(
            try Self.changes(["01:30: on", "01:45: off"], "2026-11-01T05:00:00Z", "2026-11-01T20:00:00Z") == [
                "2026-11-01T07:30 on", "2026-11-01T07:45 off",
            ])
    }

    @Test("zones with half hours, and those where midnight is left out")
    func oddZones() throws {
        #expect(
            try Self.changes(["00:00: on"], "2026-06-01T12:00:00Z", "2026-06-02T12:00:00Z", zone: "Asia/Kathmandu") == [
                "2026-06-01T18:15 on"
            ])
        // Santiago's clocks go forward at midnight: 2026-09-06 has no 00:00.
        #expect(
            try Self.changes(["00:00: on"], "2026-09-05T12:00:00Z", "2026-09-06T12:00:00Z", zone: "America/Santiago")
                == ["2026-09-06T04:00 on"])
    }

    @Test("from sunset to sunrise, with an offset; all winter where the sun does not rise")
    func sun() throws {
        let denver = Sun(latitude: 39.74, longitude: -104.99)
        let changes = try Self.changes(
            ["sunset-10m..sunrise: on"], "2026-06-20T20:00:00Z", "2026-06-21T20:00:00Z", sun: denver)
        #expect(changes.count == 2)
        #expect(changes.first?.hasPrefix("2026-06-21T02:2") == true && changes.first?.hasSuffix("on") == true)
        #expect(changes.last?.hasPrefix("2026-06-21T11:3") == true)
        let tromso = Sun(latitude: 69.65, longitude: 18.96)
        let entries = [try #require(ScheduleEntry("sunset..sunrise: on"))]
        let schedule = RelaySchedule(entries, zone: try Self.zone("Europe/Oslo"), sun: tromso)
        let winter = try #require(ISO8601.milliseconds("2026-12-21T02:00:00Z"))
        #expect(schedule.last(until: winter)?.state == .on)
        let summer = try #require(ISO8601.milliseconds("2026-06-21T22:00:00Z"))
        #expect(schedule.last(until: summer)?.state == .off)
    }

    @Test("an end is none while another span of the same state goes on; of what falls together a start counts")
    func overlapping() throws {
        #expect(
            try Self.changes(
                ["07:00..12:00: on", "11:00..14:00: on"], "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", zone: "UTC")
                == ["2026-03-02T07:00 on", "2026-03-02T11:00 on", "2026-03-02T14:00 off"])
        #expect(
            try Self.changes(
                ["07:00..12:00: on", "12:00..14:00: on"], "2026-03-02T11:00:00Z", "2026-03-02T13:00:00Z", zone: "UTC")
                == ["2026-03-02T12:00 on"])
    }

    @Test("a line that comes once a year is found from far off, both ways; one that never comes is not")
    func yearly() throws {
        let schedule = RelaySchedule([try #require(ScheduleEntry("07-04 09:00: on"))], zone: .utc)
        let winter = try #require(ISO8601.milliseconds("2026-12-30T00:00:00Z"))
        #expect(
            schedule.last(until: winter).map { ISO8601.string(milliseconds: $0.time) } == "2026-07-04T09:00:00.000Z")
        #expect(
            schedule.next(after: winter).map { ISO8601.string(milliseconds: $0.time) } == "2027-07-04T09:00:00.000Z")
        let past = RelaySchedule([try #require(ScheduleEntry("2020-07-04 09:00: on"))], zone: .utc)
        #expect(past.next(after: winter) == nil && past.last(until: winter) == nil)
        let sunless = RelaySchedule([try #require(ScheduleEntry("sunset: on"))], zone: .utc)
        #expect(sunless.next(after: winter) == nil)
    }
}
