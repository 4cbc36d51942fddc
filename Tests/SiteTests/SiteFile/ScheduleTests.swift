import Testing

@testable import Site

@Suite("Lines of a schedule")
struct ScheduleTests {
    @Test(
        "a line is written in one way",
        arguments: [
            ("07:00..19:30: on", "07:00..19:30: on"), ("daily 7:00: off", "07:00: off"),
            ("mon-fri  07:00..19:30 :on", "mon-fri 07:00..19:30: on"),
            ("sat,sun 09:00: on", "sat,sun 09:00: on"), ("mon,tue,wed 09:00: on", "mon-wed 09:00: on"),
            ("fri-mon 22:00..06:00: on", "mon,fri-sun 22:00..06:00: on"),
            ("sunset-10m..sunrise+1h30m: on", "sunset-10m..sunrise+1h30m: on"),
            ("2026-12-24/2026-12-26 00:00: off", "2026-12-24/2026-12-26 00:00: off"),
            ("12-24/01-06,02-29 00:00: off", "12-24/01-06,02-29 00:00: off"),
            ("mon-sun 00:00: on", "00:00: on"),
        ])
    func writes(text: String, expected: String) throws {
        let entry = try ScheduleEntry.parse(text).get()
        #expect(entry.description == expected)
        #expect(try ScheduleEntry.parse(entry.description).get() == entry)
    }

    @Test("what it says is what was meant")
    func values() throws {
        let entry = try ScheduleEntry.parse("mon,sat sunset-10m..06:05: off").get()
        #expect(entry.days == .weekdays([.monday, .saturday]))
        #expect(entry.start == .sunset(offset: -10))
        #expect(entry.end == .clock(minutes: 365))
        #expect(entry.state == .off)
        #expect(entry.usesSun)
    }

    @Test(
        "two lines that demand different states at one time contradict each other",
        arguments: [
            ("07:00..19:00: on", "18:00..20:00: off", .certain), ("07:00..19:00: on", "19:00..20:00: off", nil),
            ("07:00..19:00: on", "18:00..20:00: on", nil), ("mon 22:00..06:00: on", "tue 05:00..07:00: off", .certain),
            ("mon 22:00..06:00: on", "mon 05:00..07:00: off", nil),
            ("sun 23:00..01:00: on", "mon 00:30..02:00: off", .certain),
            ("mon 07:00: on", "mon 07:00: off", .certain), ("mon 07:00: on", "tue 07:00: off", nil),
            ("mon-fri 07:00: on", "fri,sat 07:00: off", .certain), ("sat 07:00..09:00: on", "07:00: off", .certain),
            ("sunset..sunrise: on", "sunset..22:00: off", .certain), ("12-24 00:00: on", "12-24 00:00: off", .certain),
            ("sunset: on", "sunset: off", .certain), ("sunset: on", "sunset+1m: off", nil),
            ("mon-fri 07:00..19:00: on", "fri 12:00: off", .possible), ("07:00..19:00: on", "19:00: off", nil),
            ("07:00..19:00: on", "12:00: on", nil), ("mon 22:00..06:00: on", "tue 05:00: off", .possible),
            ("mon 22:00..06:00: on", "mon 05:00: off", nil),
            ("sunset-10m..sunrise: on", "sunrise..sunset: off", .possible),
            ("sunset..sunrise: on", "sunrise..sunset: off", nil), ("sunset..sunrise: on", "23:00: off", .possible),
            ("12-24/12-26 08:00: on", "12-26/01-02 08:00: off", .certain),
            ("12-24/01-02 08:00: on", "2026-01-01 08:00: off", .certain),
            ("2026-12-30/2027-01-02 08:00: on", "01-01 08:00: off", .certain),
            ("12-24/12-26 08:00: on", "12-27 08:00: off", nil), ("2026-12-24 08:00: on", "2027-12-24 08:00: off", nil),
            ("12-24 08:00..12:00: on", "12-24 09:00..10:00: off", .certain), ("08:00: on", "holidays 08:00: off", nil),
            ("holidays 08:00: on", "holidays 08:00: off", .certain), ("mon 08:00: on", "12-24 08:00: off", nil),
        ] as [(String, String, ScheduleEntry.Contradiction?)])
    func contradictions(a: String, b: String, expected: ScheduleEntry.Contradiction?) throws {
        let (a, b) = (try ScheduleEntry.parse(a).get(), try ScheduleEntry.parse(b).get())
        #expect(a.contradiction(to: b) == expected)
        #expect(b.contradiction(to: a) == expected)
    }

    @Test(
        "days that do not exist are refused",
        arguments: [
            (2026, 2, 29), (2028, 2, 29), (nil, 2, 29), (2026, 13, 1), (2026, 4, 31), (2026, 0, 1), (1999, 1, 1),
        ] as [(Int?, Int, Int)])
    func dates(year: Int?, month: Int, day: Int) {
        let exists = month == 2 && (year == nil || year == 2028)
        #expect((CalendarDate(year: year, month: month, day: day) != nil) == exists)
    }
}

@Suite("Conditions")
struct ConditionTests {
    @Test(
        "a condition is written in one way, in the unit of the readings",
        arguments: [
            ("enclosure > 60 °C", "enclosure > 60 °C"), ("enclosure>60°C", "enclosure > 60 °C"),
            ("battery <= 11.8 V", "battery <= 11.8 V"),
            ("power.current < 800 mA", "power.current < 0.8 A"), ("a >= 1.5kW", "a >= 1500 W"),
            ("x  no   data", "x no data"),
            ("board.filesystem_free@/srv/camera < 2 GiB", "board.filesystem_free@/srv/camera < 2147483648 B"),
            ("a != -1e-3", "a != -0.001"),
            ("age > 10 min", "age > 600 s"), ("tank < 2 bar", "tank < 2 bar"), ("a == 5E", "a == 5 E"),
            ("a > 1 kPa", "a > 10 hPa"),
        ])
    func writes(text: String, expected: String) throws {
        let condition = try Condition.parse(text).get()
        #expect(condition.description == expected)
        #expect(try Condition.parse(condition.description).get() == condition)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "> 5", "a", "a >", "a > > 5", "a => 5", "a > five", "A > 5", "a. > 5", "a@x > 5", "a > 5 °F", "a > 5 v",
            "a > 5 <", "a nodata",
            "a.b@ > 5", "a > 0x10 x y z w v u t s",
        ])
    func refuses(text: String) {
        #expect((try? Condition.parse(text).get()) == nil)
    }

    @Test("a comparison means what its sign says")
    func comparisons() {
        let below: [Condition.Comparison] = [.below, .atMost, .notEqual]
        let same: [Condition.Comparison] = [.atLeast, .atMost, .equal]
        let above: [Condition.Comparison] = [.above, .atLeast, .notEqual]
        for comparison in Condition.Comparison.allCases {
            #expect(comparison.holds(1, 2) == below.contains(comparison))
            #expect(comparison.holds(2, 2) == same.contains(comparison))
            #expect(comparison.holds(3, 2) == above.contains(comparison))
        }
    }

    @Test("the unit tells which of a sensor's quantities is meant")
    func quantityByUnit() throws {
        let text = """
            site: { name: A }
            sensors: [ { id: power, chip: ina260, address: 0x40 } ]
            alerts:
              - { id: a, when: power < 3 }
              - { id: b, when: power < 1 A }
              - { id: c, when: power < 11 V }
            """
        let alerts = try #require(SiteFile.parse(text).value).alerts
        #expect(alerts.map(\.when.metric.description) == ["power.power", "power.current", "power.voltage"])
        #expect(alerts[0].when.test == .compare(.below, 3, .watt))
    }
}
