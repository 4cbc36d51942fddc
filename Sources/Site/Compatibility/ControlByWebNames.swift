/// The names of the custom files of a ControlByWeb box, each of them once.
public struct ControlByWebNames: Sendable {
    /// Words that the documents have anyway, in lower case.
    private static let words: Set<String> = [
        "inputstate", "inputstates", "lat", "long", "minrecrefresh", "rebootstate", "relaystates", "serialnumber",
        "time", "timezoneoffset", "totalreboots", "units", "utctime", "vin",
    ]
    /// Words that the documents have with a number behind.
    private static let numbered: Set<String> = ["digitalinput", "input", "onewiresensor", "sensor"]

    /// In lower case.
    private var taken: Set<String> = []

    public init() {}

    /// `Red lamp` as `redLamp`; nil where nothing is left of it, or it is somebody else's name or a word of the boxes.
    public mutating func take(_ text: String) -> String? {
        guard let name = Self.name(of: text), !Self.isOfBox(name), taken.insert(name.lowercased()).inserted else {
            return nil
        }
        return name
    }

    /// `Red lamp` as `redLamp`; nil where nothing is left of it.
    static func name(of text: String) -> String? {
        let words = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        guard let first = words.first, first.first?.isLetter == true else { return nil }
        let name =
            first.prefix(1).lowercased() + first.dropFirst()
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return name
    }

    /// Whether the boxes mean something by a name, in a document or in a command, whatever its capitals.
    static func isOfBox(_ name: String) -> Bool {
        let name = name.lowercased()
        return ControlByWebArgument(name) != nil || words.contains(name) || isNumbered(name)
    }

    private static func isNumbered(_ name: String) -> Bool {
        let word = name.prefix { !$0.isNumber }
        return word.count < name.count && numbered.contains(String(word))
    }
}
