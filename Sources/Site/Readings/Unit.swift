/// The unit of a metric, by its symbol: what a page, a CSV file and the site file show.
///
/// Open on purpose: the owner of an analogue sensor may scale it to any unit (`bar`, `psi`, `L`).
public struct Unit: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let celsius = Unit(rawValue: "°C")
    public static let percent = Unit(rawValue: "%")
    public static let volt = Unit(rawValue: "V")
    public static let ampere = Unit(rawValue: "A")
    public static let watt = Unit(rawValue: "W")
    public static let voltAmpere = Unit(rawValue: "VA")
    public static let hertz = Unit(rawValue: "Hz")
    public static let hectopascal = Unit(rawValue: "hPa")
    public static let byte = Unit(rawValue: "B")
    public static let bytePerSecond = Unit(rawValue: "B/s")
    public static let second = Unit(rawValue: "s")
    /// A number without a unit: a count, a load average, a state of 0 or 1.
    public static let none = Unit(rawValue: "")
}
