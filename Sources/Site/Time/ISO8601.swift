import FoundationEssentials

/// Wall time as text: ISO 8601 (RFC 3339) in UTC with milliseconds, the only form in JSON, CSV and logs.
public enum ISO8601 {
    /// `2026-11-21T01:02:03.456Z`.
    public static func string(milliseconds: Int64) -> String {
        // The fraction is appended, not formatted: a Double of seconds cannot hold every millisecond exactly.
        let (seconds, fraction) = milliseconds.dividedFloored(by: 1000)
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let digits = String(fraction)
        return whole.dropLast() + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }

    /// Milliseconds since 1970; nil when the text is not a full date and time with a zone.
    public static func milliseconds(_ text: String) -> Int64? {
        for fractional in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
            if let date = try? style.parse(text) {
                return Int64((date.timeIntervalSince1970 * 1000).rounded())
            }
        }
        return nil
    }
}

extension Int64 {
    /// Quotient and remainder with a remainder that is never negative: for times before 1970, too.
    public func dividedFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
