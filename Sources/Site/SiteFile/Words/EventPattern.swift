/// Which events are meant: `relay.switched`, `watchdog.*`, `relay.switched@strobe`.
public struct EventPattern: Hashable, Sendable, LosslessStringConvertible {
    /// `relay` of `relay.switched`.
    private let area: String
    /// nil for all of that area.
    private let what: String?
    /// What it is about: a relay's or a sensor's id; nil for whatever it is.
    private let subject: String?

    public init?(_ description: String) {
        let halves = description.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let words = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 2, Self.isWord(words[0]), words[1] == "*" || Self.isWord(words[1]) else { return nil }
        if halves.count == 2 {
            guard (1...64).contains(halves[1].unicodeScalars.count),
                !halves[1].contains(where: { $0 == "@" || $0.isWhitespace })
            else { return nil }
        }
        area = String(words[0])
        what = words[1] == "*" ? nil : String(words[1])
        subject = halves.count == 2 ? String(halves[1]) : nil
    }

    public var description: String { "\(area).\(what ?? "*")\(subject.map { "@\($0)" } ?? "")" }

    public func matches(_ event: Event) -> Bool {
        let code = event.code.rawValue
        let isMeant = what.map { code == "\(area).\($0)" } ?? code.hasPrefix("\(area).")
        return isMeant && subject.map { $0 == event.subject } ?? true
    }

    /// The same as a regular expression.
    static let pattern = #"^[a-z][a-z_]*\.([a-z][a-z_]*|\*)(@[^@\s]{1,64})?$"#

    private static func isWord(_ text: Substring) -> Bool {
        text.utf8.first != UInt8(ascii: "_") && !text.isEmpty
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
    }
}
