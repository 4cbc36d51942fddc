/// Numbers as text without a locale: a decimal point, no grouping, and a true minus sign.
enum DecimalText {
    /// `value` with exactly `places` decimals (0 to 6), halves rounded away from zero.
    static func fixed(_ value: Double, places: Int) -> String {
        let scale = powers[min(max(places, 0), 6)]
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return String(value) }
        var digits = String(Int64(scaled))
        if places > 0 {
            digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
        }
        return value < 0 && scaled > 0 ? "\u{2212}" + digits : digits
    }

    /// `value` with at most `digits` significant digits, decimals included; the integer part is never cut.
    static func significant(_ value: Double, digits: Int) -> String {
        let limit = powers[min(max(digits, 1), 6)]
        let places = (0..<digits).reversed().first { (abs(value) * powers[min($0, 6)]).rounded() < limit }
        return fixed(value, places: places ?? 0)
    }

    private static let powers = [1.0, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
}
