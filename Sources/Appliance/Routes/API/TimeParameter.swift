import Site
import Web

/// A moment as a client may write it: ISO 8601, Unix milliseconds, `now`, or a distance back from now (`-1h30m`).
enum TimeParameter {
    /// The years 1970 to 9999, in milliseconds: what ISO 8601 can say and arithmetic cannot overflow.
    static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    /// - Parameter help: What the moment is for.
    static func described(_ name: String, _ help: String, example: String) -> APIParameter {
        let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}"
        let zone = #"(\.[0-9]+)?([Zz]|[-+ ][0-9]{2}(:?[0-9]{2})?)"#
        return .query(
            name, .string(1...64, pattern: "^(now|-([0-9]{1,10}[smhdw])+|[0-9]{1,15}|\(date)\(zone))$"),
            "\(help) ISO 8601 with a zone, Unix milliseconds, `now`, or a distance back such as `-1h30m` (s, m, h, d, w).",
            example: .string(example))
    }

    /// - Returns: wall milliseconds; nil for what is none of these.
    static func milliseconds(_ text: String, now: Int64) -> Int64? {
        if text == "now" { return now }
        if text.first == "-" {
            return duration(text.dropFirst()).flatMap { range.contains(now - $0) ? now - $0 : 0 }
        }
        let moment =
            if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                Int64(text)
            } else {
                // A `+` of a zone comes as a space when the client forgot to encode it.
                ISO8601.milliseconds(text.replacing(" ", with: "+"))
            }
        return moment.flatMap { range.contains($0) ? $0 : nil }
    }

    /// `90s`, `1h30m`, `7d`, `2w`: milliseconds; nil for anything else, and for more than a century.
    private static func duration(_ text: Substring) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var seconds: Int64 = 0
        var digits = ""
        for character in text {
            if ("0"..."9").contains(character), digits.count < 10 {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = Int64(digits) else { return nil }
                seconds += number * unit
                digits = ""
            }
        }
        guard digits.isEmpty, !text.isEmpty, seconds <= 3_155_760_000 else { return nil }
        return seconds * 1000
    }

    static func value(_ name: String, of parameters: QueryParameters, now: Int64) throws(Problem) -> Int64? {
        guard let text = parameters[name] else { return nil }
        guard let moment = milliseconds(text, now: now) else {
            throw .parameter(
                name,
                "\(name) is a time: ISO 8601 with a zone, Unix milliseconds, or a distance back such as -1h; "
                    + "this is \(quoted(text)).",
                example: "\(name)=-24h or \(name)=2026-03-01T12:00:00Z")
        }
        return moment
    }
}
