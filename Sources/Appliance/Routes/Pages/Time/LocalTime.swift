import Site

/// Times as people of the site read them: 24 hours, day before month, the zone named.
struct LocalTime: Hashable, Sendable {
    let zone: LocalZone

    /// Hours and minutes: `14:05`.
    func minute(_ milliseconds: Int64) -> String {
        let civil = zone.civil(milliseconds: milliseconds)
        return "\(Self.two(civil.hour)):\(Self.two(civil.minute))"
    }

    /// Hours, minutes and seconds: `14:05:10`.
    func second(_ milliseconds: Int64) -> String {
        minute(milliseconds) + ":" + Self.two(zone.civil(milliseconds: milliseconds).second)
    }

    /// Day and month: `20 Nov`.
    func day(_ milliseconds: Int64) -> String {
        let civil = zone.civil(milliseconds: milliseconds)
        return "\(civil.day)\u{A0}\(Self.months[civil.month - 1])"
    }

    /// All of it: `Fri 20 Nov 2026, 14:05:10 MST`.
    func full(_ milliseconds: Int64) -> String {
        let civil = zone.civil(milliseconds: milliseconds)
        return "\(Self.weekdays[civil.weekday])\u{A0}\(day(milliseconds)) \(civil.year), "
            + "\(second(milliseconds))\u{A0}\(zone.abbreviation(milliseconds: milliseconds))"
    }

    /// `14:05` on the day of `now`, else `20 Nov 14:05`.
    func short(_ milliseconds: Int64, now: Int64) -> String {
        let (civil, today) = (zone.civil(milliseconds: milliseconds), zone.civil(milliseconds: now))
        let isToday = (civil.year, civil.month, civil.day) == (today.year, today.month, today.day)
        return isToday ? minute(milliseconds) : day(milliseconds) + " " + minute(milliseconds)
    }

    /// `<time>` with the local time as text and UTC on hover.
    func element(_ milliseconds: Int64, _ text: String) -> HTML {
        let utc = ISO8601.string(milliseconds: milliseconds)
        return "<time datetime=\"\(utc)\" title=\"\(Self.utcTitle(milliseconds))\">\(text)</time>"
    }

    /// The same moment in UTC: `2026-11-21 01:02:03 UTC`.
    static func utcTitle(_ milliseconds: Int64) -> String {
        let utc = ISO8601.string(milliseconds: milliseconds)
        return utc.prefix(10) + " " + utc.dropFirst(11).prefix(8) + " UTC"
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
}
