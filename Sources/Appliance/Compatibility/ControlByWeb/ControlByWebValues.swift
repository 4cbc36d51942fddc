import Site

/// How a box writes numbers.
struct ControlByWebValues: Hashable, Sendable {
    let isFahrenheit: Bool
    var showsUnits = false
    var showsColors = false

    /// What stands for a sensor that cannot be read.
    static let missing = "x.x"

    /// `77.3`, `77.3 F`, `77.3 F #Grey`.
    func measured(_ value: Double?, _ unit: Unit) -> String {
        guard let value else { return coloured(Self.missing) }
        let (number, name) = converted(value, unit)
        let text = Self.fixed(number, places: 1)
        return coloured(showsUnits && !name.isEmpty ? "\(text) \(name)" : text)
    }

    func register(_ value: Double) -> String { coloured(Self.plain(value)) }

    /// Temperatures in the unit that clients expect, called by its letter.
    func converted(_ value: Double, _ unit: Unit) -> (Double, String) {
        guard unit == .celsius else { return (value, unit.rawValue) }
        return isFahrenheit ? (value * 9 / 5 + 32, "F") : (value, "C")
    }

    /// The unit keeps no colours of values: all have that of a value without one.
    private func coloured(_ text: String) -> String { showsColors ? "\(text) #Grey" : text }

    /// Whole, rounded down; `x.x` for none.
    static func whole(_ value: Double?) -> String {
        guard let value, abs(value) < 9e15 else { return missing }
        return "\(Int64(value.rounded(.down)))"
    }

    /// `10`, `10.5`: no more digits than there are, to a millionth.
    static func plain(_ value: Double) -> String {
        var text = fixed(value, places: 6)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// With so many decimals, 1 to 6, and a minus of ASCII.
    static func fixed(_ value: Double, places: Int) -> String {
        DecimalText.fixed(value, places: places).replacing("\u{2212}", with: "-")
    }
}
