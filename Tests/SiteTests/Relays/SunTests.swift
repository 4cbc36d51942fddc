import Site
import Testing

@Suite("Sunrise and sunset") struct SunTests {
    /// London (51.47 N, 0.01 W), December 2015, in UTC, as almanacs print them.
    @Test(
        "times of a published table, to the minute",
        arguments: [
            ("2015-01-01", "08:06", "16:02"), ("2015-12-01", "07:43", "15:55"), ("2015-12-02", "07:45", "15:54"),
            ("2015-12-03", "07:46", "15:54"), ("2015-12-12", "07:56", "15:51"), ("2015-12-25", "08:05", "15:55"),
        ])
    func london(date: String, sunrise: String, sunset: String) throws {
        let day = try Self.day(Sun(latitude: 51.4733, longitude: -0.0088), date, noon: "12:00")
        try Self.expect(day.sunrise, date, sunrise, within: 75)
        try Self.expect(day.sunset, date, sunset, within: 75)
    }

    /// The longest day elsewhere, in UTC, as almanacs print it.
    @Test(
        "the longest day on both halves of the earth",
        arguments: [
            (40.71, -74.01, "2024-06-20", "09:25", "2024-06-21", "00:31"),
            (-33.87, 151.21, "2024-12-20", "18:41", "2024-12-21", "09:05"),
            (39.74, -104.99, "2024-06-20", "11:32", "2024-06-21", "02:31"),
        ])
    func solstice(latitude: Double, longitude: Double, up: String, rises: String, down: String, sets: String) throws {
        let sun = Sun(latitude: latitude, longitude: longitude)
        let rise = try Self.second(up, rises)
        let day = sun.day(around: rise + 7 * 3600)
        try Self.expect(day.sunrise, up, rises, within: 120)
        try Self.expect(day.sunset, down, sets, within: 120)
    }

    @Test("on the days around the equinoxes the sun is up for a little more than twelve hours, anywhere")
    func equinox() throws {
        for latitude in stride(from: -60.0, through: 60, by: 15) {
            let day = try Self.day(Sun(latitude: latitude, longitude: 0), "2026-03-20", noon: "12:00")
            #expect((12 * 3600...12 * 3600 + 1200).contains(day.sunset - day.sunrise), "\(latitude)")
            #expect(abs(day.noon - (day.sunrise + day.sunset) / 2) < 60)
        }
    }

    @Test("where the sun does not set the day is whole, and where it does not rise there is none")
    func polar() throws {
        let tromso = Sun(latitude: 69.65, longitude: 18.96)
        let summer = try Self.day(tromso, "2026-06-21", noon: "11:00")
        #expect(abs(summer.sunset - summer.sunrise - 86_400) < 120)
        let winter = try Self.day(tromso, "2026-12-21", noon: "11:00")
        #expect(winter.sunset == winter.sunrise && abs(winter.noon - winter.sunrise) < 60)
    }

    @Test("the day is that of the nearest noon, far from Greenwich, too")
    func dateLine() throws {
        let kiritimati = Sun(latitude: 1.87, longitude: -157.4)
        let noon = try Self.second("2026-06-01", "22:30")
        #expect(abs(kiritimati.day(around: noon).noon - noon) < 3600)
    }

    private static func day(_ sun: Sun, _ date: String, noon: String) throws -> Sun.Day {
        sun.day(around: try second(date, noon))
    }

    private static func second(_ date: String, _ time: String) throws -> Int64 {
        try #require(ISO8601.milliseconds("\(date)T\(time):00Z")) / 1000
    }

    private static func expect(_ second: Int64, _ date: String, _ time: String, within most: Int64) throws {
        let expected = try Self.second(date, time)
        #expect(
            abs(second - expected) <= most,
            "\(ISO8601.string(milliseconds: second * 1000)) is not \(date) \(time)")
    }
}
