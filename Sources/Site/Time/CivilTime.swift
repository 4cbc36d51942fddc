/// A date and time of day without a zone, in the proleptic Gregorian calendar.
public struct CivilTime: Hashable, Sendable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    public var hour = 0
    public var minute = 0
    public var second = 0

    /// Days since 1970-01-01.
    ///
    /// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    public static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Seconds since 1970-01-01T00:00:00 of the same, unnamed zone.
    ///
    /// Months beyond 12 carry into years.
    public var seconds: Int64 {
        let months = year * 12 + month - 1
        let (year, month) = (months.flooredDivision(by: 12), months.flooredRemainder(by: 12) + 1)
        return Int64(Self.days(year: year, month: month, day: day)) * 86_400
            + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// The inverse of `seconds`: `civil_from_days` of the same source.
    public init(seconds: Int64) {
        let days = Int(seconds).flooredDivision(by: 86_400)
        let rest = Int(seconds).flooredRemainder(by: 86_400)
        let shifted = days + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        hour = rest / 3_600
        minute = rest % 3_600 / 60
        second = rest % 60
    }

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// 0 for Sunday.
    public var weekday: Int { (Self.days(year: year, month: month, day: day) + 4).flooredRemainder(by: 7) }
}

extension Int {
    /// Rounded down, also for numbers below 0.
    public func flooredDivision(by divisor: Int) -> Int { (self - flooredRemainder(by: divisor)) / divisor }
    /// Never negative.
    public func flooredRemainder(by divisor: Int) -> Int { (self % divisor + divisor) % divisor }
}
