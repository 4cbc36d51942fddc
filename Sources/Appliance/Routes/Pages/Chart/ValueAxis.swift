import Site

/// The vertical axis of a panel: a range a little wider than the values, marked at round numbers.
struct ValueAxis: Hashable, Sendable {
    struct Tick: Hashable, Sendable {
        var value: Double
        var label: String
    }

    let low: Double
    let high: Double
    let ticks: [Tick]
    /// The unit that the labels are in: `GB` for bytes.
    let unit: String

    /// An axis without marks that fits the values closely, for a line that is read by its shape.
    init(fitting min: Double, _ max: Double, unit: String) {
        let (factor, name) = Self.scale(of: Swift.max(abs(min), abs(max)), unit: unit)
        let least = Swift.max(Self.leastSpan(name) * factor, 1e-3 * Swift.max(abs(min), abs(max)))
        let spare = Swift.max(0, least - (max - min)) / 2
        (low, high, ticks, self.unit) = (min - spare, max + spare, [], name)
    }

    /// An axis for values between `min` and `max`; `count` is the number of marks wanted.
    init(min: Double, max: Double, unit: String, count: Int = 4) {
        let (factor, name) = Self.scale(of: Swift.max(abs(min), abs(max)), unit: unit)
        var (low, high) = (min / factor, max / factor)
        // Zero belongs to the picture when it is near: a load of 2 to 20 W is read from the ground up.
        if low > 0, low < 0.4 * high { low = 0 }
        let least = Swift.max(Self.leastSpan(name), 1e-3 * Swift.max(abs(low), abs(high)))
        if high - low < least {
            let middle = (low + high) / 2
            (low, high) = (middle - least / 2, middle + least / 2)
            if min >= 0, low < 0 { (low, high) = (0, least) }
        }
        let step = Self.niceStep((high - low) / Double(Swift.max(1, count)))
        let places = Swift.max(0, Swift.min(6, Int(-log10Floor(step))))
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        self.low = first * step * factor
        self.high = last * step * factor
        ticks = stride(from: first, through: last, by: 1).map { index in
            Tick(value: index * step * factor, label: DecimalText.fixed(index * step, places: places))
        }
        self.unit = name
    }

    /// 0 at the bottom, 1 at the top.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// 1, 2 or 5 times a power of ten, not less than `least`.
    private static func niceStep(_ least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        return power * ([1, 2, 5, 10].first { $0 * power >= least * (1 - 1e-9) } ?? 10)
    }

    /// What the labels are divided by, and the unit they are then in.
    private static func scale(of magnitude: Double, unit: String) -> (Double, String) {
        switch unit {
        case "B", "B/s":
            let suffix = unit == "B" ? "" : "/s"
            let prefixes: [(Double, String)] = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
            guard let prefix = prefixes.first(where: { magnitude >= $0.0 }) else { return (1, unit) }
            return (prefix.0, prefix.1 + suffix)
        case "s":
            let spans: [(least: Double, factor: Double, name: String)] = [
                (172_800, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "min"), (1, 1, "s"),
            ]
            return spans.first { magnitude >= $0.least }.map { ($0.factor, $0.name) } ?? (0.001, "ms")
        default: return (1, unit)
        }
    }

    /// A quiet sensor's noise is not blown up to the height of the panel.
    private static func leastSpan(_ unit: String) -> Double {
        switch unit {
        case "°C", "%", "hPa": 1
        case "V": 0.2
        case "A": 0.05
        case "Hz": 0.2
        case "": 1
        default: 1e-6
        }
    }
}

/// The exponent of the power of ten at or below `value` (> 0).
private func log10Floor(_ value: Double) -> Double {
    var (power, exponent) = (1.0, 0.0)
    while power > value * (1 + 1e-9) { (power, exponent) = (power / 10, exponent - 1) }
    while power * 10 <= value * (1 + 1e-9) { (power, exponent) = (power * 10, exponent + 1) }
    return exponent
}
