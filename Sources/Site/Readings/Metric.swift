/// The identity of one series: what is measured, where, and in which unit.
///
/// Written `subject.quantity` or `subject.quantity@instance`: `enclosure.temperature`,
/// `board.filesystem_free@/srv/camera`. A simulated series is another series than the real one of the same name;
/// they are never joined.
public struct Metric: Hashable, Sendable {
    /// A sensor's id from the site file, or a word of our own: `board`, `collector`.
    public let subject: String
    public let quantity: Quantity
    /// Which one of several: a mount point, a network interface, a collector's name.
    public let instance: String?
    public let unit: Unit
    /// True when a simulation made the values.
    public let isSimulated: Bool

    public init(
        _ subject: String, _ quantity: Quantity, instance: String? = nil, unit: Unit, isSimulated: Bool = false
    ) {
        self.subject = subject
        self.quantity = quantity
        self.instance = instance
        self.unit = unit
        self.isSimulated = isSimulated
    }

    /// The name a person types, without unit and simulation mark.
    public var name: String {
        let base = "\(subject).\(quantity.rawValue)"
        return instance.map { "\(base)@\($0)" } ?? base
    }

    /// Reads a name back; nil when it has no `.`, or an empty part.
    public init?(name: String, unit: Unit, isSimulated: Bool) {
        let (path, instance): (Substring, String?) =
            if let at = name.firstIndex(of: "@") {
                (name[..<at], String(name[name.index(after: at)...]))
            } else {
                (name[...], nil)
            }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let subject = String(path[..<dot])
        let quantity = String(path[path.index(after: dot)...])
        guard !subject.isEmpty, !quantity.isEmpty, instance?.isEmpty != true else { return nil }
        self.init(subject, Quantity(rawValue: quantity), instance: instance, unit: unit, isSimulated: isSimulated)
    }
}

extension Metric {
    /// The subjects of what relays, inputs and registers say; the instance is the id in the site file.
    public static let relay = "relay"
    public static let input = "input"
    /// Numbers that clients of another product's interface set.
    public static let register = "register"
}
