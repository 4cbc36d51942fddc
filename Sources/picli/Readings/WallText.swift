import Site

/// Wall times for people: UTC, and no finer than they need.
enum WallText {
    /// `2026-11-21`.
    static func day(_ milliseconds: Int64) -> String {
        String(ISO8601.string(milliseconds: milliseconds).prefix(10))
    }

    /// `2026-11-21 01:02:03Z`, with milliseconds where there are some.
    static func second(_ milliseconds: Int64) -> String {
        day(milliseconds) + " " + clock(milliseconds)
    }

    /// The same without the day when that is the day of `reference`.
    static func second(_ milliseconds: Int64, on reference: Int64) -> String {
        day(milliseconds) == day(reference) ? clock(milliseconds) : second(milliseconds)
    }

    private static func clock(_ milliseconds: Int64) -> String {
        let text = ISO8601.string(milliseconds: milliseconds).dropFirst(11)
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : String(text)
    }
}
