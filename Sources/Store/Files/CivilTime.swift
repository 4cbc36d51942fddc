/// Wall milliseconds as UTC, for file names and sentences.
enum CivilTime {
    /// As `20261121T023520Z`.
    static func compact(_ wall: Int64) -> String {
        let seconds = Calendar.floorDivide(wall, 1_000)
        let days = Calendar.floorDivide(seconds, 86_400)
        let (year, month, day) = date(ofDay: days)
        let rest = seconds - days * 86_400
        let text = [month, day].map(padded).joined()
        return "\(year)\(text)T\([rest / 3_600, rest / 60 % 60, rest % 60].map(padded).joined())Z"
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date so many days after 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
    private static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = Calendar.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}
