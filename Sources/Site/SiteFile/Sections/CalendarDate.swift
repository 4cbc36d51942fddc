/// A day of a year, or of every year: `2026-12-24`, `12-24`.
public struct CalendarDate: Hashable, Sendable, CustomStringConvertible {
    /// nil: every year.
    public var year: Int?
    /// 1 to 12.
    public var month: Int
    public var day: Int

    /// nil when there is no such day; 29 February exists in "every year".
    public init?(year: Int? = nil, month: Int, day: Int) {
        let isLeap = year.map { $0.isMultiple(of: 4) && (!$0.isMultiple(of: 100) || $0.isMultiple(of: 400)) } ?? true
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        if let year, !(2000...2999).contains(year) { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    public var description: String {
        (year.map { "\($0)-" } ?? "") + TimeOfDay.twoDigits(month) + "-" + TimeOfDay.twoDigits(day)
    }
}

/// From one date to another, both included; `12-24/01-06` runs over the end of the year.
public struct DateRange: Hashable, Sendable, CustomStringConvertible {
    public var first: CalendarDate
    public var last: CalendarDate

    public init(first: CalendarDate, last: CalendarDate) {
        self.first = first
        self.last = last
    }

    public var description: String { first == last ? "\(first)" : "\(first)/\(last)" }

    /// Whether a day lies in it.
    public func contains(year: Int, month: Int, day: Int) -> Bool {
        let (this, from) = ((month, day), (first.month, first.day))
        let to = (last.month, last.day)
        if let start = first.year, let end = last.year {
            return (start, from.0, from.1) <= (year, month, day) && (year, month, day) <= (end, to.0, to.1)
        }
        return from <= to ? from <= this && this <= to : from <= this || this <= to
    }
}
