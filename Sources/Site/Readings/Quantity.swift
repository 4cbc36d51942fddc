/// What is measured: the middle word of a metric's name (`enclosure.temperature`).
///
/// The set is open, so that a database of an older or newer version can always be read; the quantities this
/// version makes are declared in `Quantity+Catalogue.swift` with their kind and one line of help.
public struct Quantity: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// How values of a quantity relate over time, in Prometheus' words.
    public enum Kind: String, Sendable, Codable {
        /// May go up and down.
        case gauge
        /// Only goes up, and starts again at 0 after a restart.
        case counter
    }
}
