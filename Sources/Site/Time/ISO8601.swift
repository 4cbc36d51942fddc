/// Wall time as text: ISO 8601 (RFC 3339) in UTC with milliseconds, the only form in JSON, CSV and logs.
///
/// By arithmetic, not by a formatter: an export writes millions of times, and a formatter reads `2026-02-30` as a day
/// of March and ignores what follows the zone.
public enum ISO8601 {
    private static let day: Int64 = 86_400_000

    /// `2026-11-21T01:02:03.456Z`; years before 0 or after 9999 have more than four digits.
    public static func string(milliseconds: Int64) -> String {
        let (days, rest) = milliseconds.dividedFloored(by: day)
        let (year, month, dayOfMonth) = civil(days: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ number: Int64, digits: Int, then separator: UInt8) {
            let decimal = Array(String(number).utf8)
            text += repeatElement(UInt8(ascii: "0"), count: max(0, digits - decimal.count))
            text += decimal
            text.append(separator)
        }
        append(year, digits: 4, then: UInt8(ascii: "-"))
        append(month, digits: 2, then: UInt8(ascii: "-"))
        append(dayOfMonth, digits: 2, then: UInt8(ascii: "T"))
        append(rest / 3_600_000, digits: 2, then: UInt8(ascii: ":"))
        append(rest / 60_000 % 60, digits: 2, then: UInt8(ascii: ":"))
        append(rest / 1000 % 60, digits: 2, then: UInt8(ascii: "."))
        append(rest % 1000, digits: 3, then: UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Milliseconds since 1970; nil when the text is not a full date and time with a zone.
    ///
    /// Digits after the third of a fraction are dropped; a leap second counts as the second after it.
    public static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let dayOfMonth = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), let fraction = reader.fraction(), let zone = reader.zone(), reader.isAtEnd,
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = days(year: year, month: month, day: dayOfMonth)
        // A day that the calendar does not have comes back as another one.
        guard civil(days: days) == (year, month, dayOfMonth) else { return nil }
        return days * day + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction - zone
    }

    // Days and dates of the proleptic Gregorian calendar, by eras of 400 years that begin on 1 March
    // (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).dividedFloored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).dividedFloored(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Reads the parts of a time one after another.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Character) -> Bool {
            guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func digit() -> Int64? {
            guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
                return nil
            }
            defer { position += 1 }
            return Int64(bytes[position] - UInt8(ascii: "0"))
        }

        mutating func number(_ digits: Int) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        /// Milliseconds of `.25`; 0 where there is no fraction, nil where its digits are missing.
        mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            guard var fraction = digit() else { return nil }
            var digits = 1
            while let next = digit() {
                if digits < 3 { fraction = fraction * 10 + next }
                digits += 1
            }
            return digits == 1 ? fraction * 100 : digits == 2 ? fraction * 10 : fraction
        }

        /// Milliseconds east of Greenwich: `Z`, `+02:00`, `-0700`, `+05`.
        mutating func zone() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let isEast = take("+")
            guard isEast || take("-"), let hours = number(2), hours < 24 else { return nil }
            let hasColon = take(":")
            guard hasColon || !isAtEnd else { return (isEast ? hours : -hours) * 3_600_000 }
            guard let minutes = number(2), minutes < 60 else { return nil }
            let length = hours * 3_600_000 + minutes * 60_000
            return isEast ? length : -length
        }
    }
}

extension Int64 {
    /// Quotient and remainder with a remainder that is never negative: for times before 1970, too.
    public func dividedFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
