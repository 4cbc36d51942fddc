import Site

/// A value as people read it: a number with sensible digits, and its unit.
///
/// `Sources/Web/Assets/format.js` says the same in the browser; the tests hold both to one table.
struct Figure: Hashable, Sendable {
    var number: String
    /// Empty for a plain number or a word.
    var unit: String

    /// `12.84 V`; a no-break space between.
    var text: String { unit.isEmpty ? number : number + "\u{A0}" + unit }

    init(number: String, unit: String) {
        self.number = number
        self.unit = unit
    }

    init(_ value: Double, of metric: Metric) {
        if let words = metric.quantity.words {
            self.init(number: value >= 0.5 ? words.on : words.off, unit: "")
        } else {
            self.init(value, unit: metric.unit.rawValue)
        }
    }

    init(_ value: Double, unit: String) {
        let magnitude = abs(value)
        switch unit {
        case "°C", "hPa": self.init(number: DecimalText.fixed(value, places: 1), unit: unit)
        case "%": self.init(number: DecimalText.fixed(value, places: magnitude < 9.95 ? 1 : 0), unit: unit)
        case "V", "Hz": self.init(number: DecimalText.fixed(value, places: magnitude < 99.995 ? 2 : 1), unit: unit)
        case "A": self.init(number: DecimalText.fixed(value, places: magnitude < 0.9995 ? 3 : 2), unit: unit)
        case "W", "VA":
            let isKilo = magnitude >= 999.5
            self.init(
                number: DecimalText.significant(isKilo ? value / 1000 : value, digits: 3),
                unit: isKilo ? "k" + unit : unit)
        case "B", "B/s": self = Self.bytes(value, suffix: unit == "B" ? "" : "/s")
        case "s": self = Self.duration(value)
        case "":
            let isWhole = value == value.rounded() && magnitude < 1e15
            self.init(
                number: isWhole ? DecimalText.fixed(value, places: 0) : DecimalText.significant(value, digits: 3),
                unit: "")
        default: self.init(number: DecimalText.significant(value, digits: 3), unit: unit)
        }
    }

    /// DecimalText prefixes, as drives and networks are sold.
    private static func bytes(_ value: Double, suffix: String) -> Figure {
        let prefixes = ["B", "kB", "MB", "GB", "TB", "PB"]
        var scaled = value
        var index = 0
        while abs(scaled) >= 999.5, index < prefixes.count - 1 {
            scaled /= 1000
            index += 1
        }
        let number = index == 0 ? DecimalText.fixed(scaled, places: 0) : DecimalText.significant(scaled, digits: 3)
        return Figure(number: number, unit: prefixes[index] + suffix)
    }

    /// `12 ms`, `3.2 s`, `5 min 3 s`, `3 h 12 min`, `3 d 4 h`.
    private static func duration(_ seconds: Double) -> Figure {
        let magnitude = abs(seconds)
        if magnitude < 0.9995 {
            return Figure(
                number: DecimalText.significant(seconds * 1000, digits: magnitude < 0.00995 ? 2 : 3), unit: "ms")
        }
        if magnitude < 59.95 { return Figure(number: DecimalText.fixed(seconds, places: 1), unit: "s") }
        let sign = seconds < 0 ? "\u{2212}" : ""
        return Figure(number: sign + Elapsed.words(seconds: Int64(min(magnitude, 9e15).rounded())), unit: "")
    }
}

extension Quantity {
    /// The words for a quantity that is only ever 0 or 1; nil for the others.
    var words: (off: String, on: String)? {
        switch rawValue {
        case "under_voltage", "under_voltage_since_boot", "throttled", "throttled_since_boot", "filesystem_read_only":
            ("no", "yes")
        case "network_link": ("down", "up")
        case "state": ("off", "on")
        case "success": ("failed", "ok")
        default: nil
        }
    }
}
