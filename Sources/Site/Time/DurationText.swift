/// Durations as people write them: `10s`, `5m`, `2h`, `1h30m`, `1.5h`, `30d`, `250ms`.
///
/// Units are `ms`, `s`, `m`, `h`, `d` (24 h) and `w` (7 d). A bare number is refused: nobody should have to guess
/// whether `10` means seconds or minutes.
extension Duration {
    /// The text form, `1h30m`; negative durations and bare numbers give nil.
    public init?(siteText text: String) {
        guard case .success(let duration) = Duration.parse(siteText: text) else { return nil }
        self = duration
    }

    /// The shortest text that reads back to the same duration: whole milliseconds, largest units first (`1d12h`).
    ///
    /// What is finer than a millisecond is dropped; negative durations are written with a leading `-`.
    public var siteText: String {
        let (seconds, attoseconds) = components
        var milliseconds = UInt64(seconds.magnitude) * 1000 + UInt64(attoseconds.magnitude / 1_000_000_000_000_000)
        guard milliseconds > 0 else { return "0s" }
        var text = seconds < 0 || attoseconds < 0 ? "-" : ""
        for (unit, size) in DurationText.units where unit != "w" && milliseconds >= size {
            text += "\(milliseconds / size)\(unit)"
            milliseconds %= size
        }
        return text
    }

    /// Reads the text form, and says in one sentence what is wrong with any other.
    public static func parse(siteText text: String) -> Result<Duration, DurationText.Failure> {
        DurationText.parse(text)
    }
}

/// The grammar of durations, shared by the site file, the command line and the API.
public enum DurationText {
    /// Why a text is not a duration: one sentence for people.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The same grammar as an ECMA 262 pattern, for JSON Schema.
    public static let pattern = #"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w))+$"#

    /// Units by falling size in milliseconds.
    static let units: [(name: String, size: UInt64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// A thousand years: longer than anything kept, short of every overflow.
    static let limit: Double = 1000 * 366 * 86_400_000

    static func parse(_ text: String) -> Result<Duration, Failure> {
        func failure(_ sentence: String) -> Result<Duration, Failure> { .failure(Failure(description: sentence)) }

        guard !text.isEmpty else {
            return failure("a duration is missing; write a number and a unit: 10s, 5m, 2h, 30d")
        }
        guard !text.contains(where: \.isWhitespace) else {
            return failure("'\(text)' has a blank in it; write \(text.filter { !$0.isWhitespace })")
        }
        guard !text.hasPrefix("-") else { return failure("a duration cannot be negative") }
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let name = rest.dropFirst(digits.count).prefix { !($0.isASCII && $0.isNumber) }
            guard !digits.isEmpty else {
                return failure("'\(text)' is not a duration; write a number and a unit: 10s, 5m, 2h, 30d")
            }
            guard let amount = decimal(digits) else { return failure("'\(digits)' is not a number") }
            guard !name.isEmpty else {
                return failure("'\(text)' has no unit; write \(digits)s, \(digits)m, \(digits)h or \(digits)d")
            }
            guard let unit = units.first(where: { $0.name == name }) else {
                return failure("'\(name)' is not a unit of time; use ms, s, m, h, d or w")
            }
            total += amount * Double(unit.size)
            rest = rest.dropFirst(digits.count + name.count)
        }
        guard total <= limit else { return failure("'\(text)' is longer than a thousand years") }
        let milliseconds = total.rounded()
        guard abs(total - milliseconds) < 1e-3 else { return failure("'\(text)' is finer than a millisecond") }
        return .success(.milliseconds(Int64(milliseconds)))
    }

    /// A decimal number without sign and exponent; digits on both sides of the point.
    private static func decimal(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return Double(text)
    }
}
