import Site

/// Numbers for people.
enum Numeral {
    /// Four significant digits or all digits before the point, without trailing noise: `12.71`, `0.0041`, `1234567`.
    static func text(_ value: Double) -> String {
        let magnitude = abs(value)
        guard magnitude < 1e15, magnitude == 0 || magnitude >= 1e-6 else { return value.description }
        let decimals =
            switch magnitude {
            case 1000...: 0
            case 100..<1000: 1
            case 1..<100: 2
            case 0.001..<1: 4
            case 0: 0
            default: 6
            }
        return fixed(value, decimals: value == value.rounded() ? 0 : decimals)
    }

    /// Rounded half away from zero to so many decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { result, _ in result * 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// A value with the unit that suits its size: bytes as GB, seconds as d or ms; other units as they are.
    static func scaled(_ value: Double, _ unit: Site.Unit) -> (value: String, unit: String) {
        let steps = scales[unit] ?? []
        guard value != 0, let step = steps.last(where: { abs(value) >= $0.size }) ?? steps.first else {
            return (text(value), unit.rawValue)
        }
        return (text(value / step.size), step.name)
    }

    private static let scales: [Site.Unit: [(size: Double, name: String)]] = [
        .byte: [(1, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB")],
        .second: [(1e-3, "ms"), (1, "s"), (3600, "h"), (86_400, "d")],
    ]

    /// How long ago, in the largest unit that fits: `3 s`, `12 min`, `5 h`, `9 d`.
    static func age(milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return switch seconds {
        case ..<0: "in future"
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
