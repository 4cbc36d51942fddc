import Site

/// How a unit of ours is said in Prometheus, which knows base units only (prometheus.io/docs/practices/naming).
struct PrometheusUnit: Hashable, Sendable {
    /// The end of the metric's name, without `_`; empty for plain numbers.
    let suffix: String
    private let multiplier: Double
    /// Divided by, because 0.01 is no binary fraction and multiplying by it would add an error of its own.
    private let divisor: Double

    init(_ unit: Unit) {
        let known = Self.known[unit.rawValue]
        suffix = known?.suffix ?? Self.sanitised(unit.rawValue)
        multiplier = known?.multiplier ?? 1
        divisor = known?.divisor ?? 1
    }

    func converted(_ value: Double) -> Double { value * multiplier / divisor }

    private static let known: [String: (suffix: String, multiplier: Double, divisor: Double)] = [
        "": ("", 1, 1), "°C": ("celsius", 1, 1), "%": ("ratio", 1, 100), "V": ("volts", 1, 1),
        "mV": ("volts", 1, 1000), "A": ("amperes", 1, 1), "mA": ("amperes", 1, 1000), "W": ("watts", 1, 1),
        "mW": ("watts", 1, 1000), "kW": ("watts", 1000, 1), "VA": ("voltamperes", 1, 1), "Hz": ("hertz", 1, 1),
        "kHz": ("hertz", 1000, 1), "Pa": ("pascals", 1, 1), "hPa": ("pascals", 100, 1), "kPa": ("pascals", 1000, 1),
        "mbar": ("pascals", 100, 1), "bar": ("pascals", 100_000, 1), "B": ("bytes", 1, 1),
        "B/s": ("bytes_per_second", 1, 1), "s": ("seconds", 1, 1),
        "ms": ("seconds", 1, 1000), "Ω": ("ohms", 1, 1), "lx": ("lux", 1, 1), "m": ("meters", 1, 1),
        "mm": ("meters", 1, 1000), "cm": ("meters", 1, 100), "m/s": ("meters_per_second", 1, 1),
    ]

    /// Letters and digits of an owner's unit in lower case: `L/min` is `l_per_min`.
    static func sanitised(_ text: String) -> String {
        var name = ""
        for character in text.lowercased() {
            switch character {
            case "a"..."z", "0"..."9": name.append(character)
            case "/": name += "_per_"
            case "°": name += "degrees_"
            case "%": name += "percent"
            case "µ", "μ": name += "u"
            case "²": name += "2"
            case "³": name += "3"
            default: name += "_"
            }
        }
        return name.split(separator: "_").joined(separator: "_")
    }
}
