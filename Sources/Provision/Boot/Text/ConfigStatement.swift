/// What one line of config.txt says to the firmware.
public enum ConfigStatement: Hashable, Sendable {
    case blank
    case comment
    /// `[pi4]`, without its brackets.
    case filter(ConfigFilter)
    /// `include extra.txt`
    case include(String)
    /// `key=value`; keys are case-sensitive.
    case setting(key: String, value: String)
    /// `key = value`: the firmware knows no key that ends with a space, and no value that begins with one.
    case spacedSetting(key: String, value: String)
    /// `initramfs initrd.img followkernel`, and what nobody understands.
    case other(String)

    /// Reads one line without its ending; of its bytes only those that the firmware reads.
    public init(_ content: [UInt8]) {
        let text = String(decoding: content.prefix(ConfigText.lineLimit), as: UTF8.self)
        let line = text.trimmedBlanks
        guard let first = line.first else {
            self = .blank
            return
        }
        if first == "#" {
            self = .comment
        } else if first == "[", let end = line.firstIndex(of: "]") {
            self = .filter(ConfigFilter(String(line[line.index(after: line.startIndex)..<end])))
        } else if line.hasPrefix("include ") {
            self = .include(String(line.dropFirst("include ".count).trimmedBlanks))
        } else if let sign = line.firstIndex(of: "=") {
            self = Self.setting(line[..<sign], line[line.index(after: sign)...])
        } else {
            self = .other(String(line))
        }
    }

    private static func setting(_ key: Substring, _ value: Substring) -> Self {
        let bareKey = key.trimmedBlanks
        let bareValue = value.trimmedBlanks
        guard !bareKey.isEmpty, !bareKey.contains(where: \.isBlank) else {
            return bareKey.count < key.count && !bareKey.isEmpty
                ? .spacedSetting(key: String(bareKey), value: String(bareValue)) : .other("\(key)=\(value)")
        }
        return bareKey.count == key.count && bareValue.count == value.count
            ? .setting(key: String(bareKey), value: String(bareValue))
            : .spacedSetting(key: String(bareKey), value: String(bareValue))
    }
}

extension Character {
    /// White space inside a line: what the firmware steps over.
    var isBlank: Bool { self == " " || self == "\t" || self == "\r" || self == "\0" }
}

extension StringProtocol where SubSequence == Substring {
    /// Without white space at both ends.
    var trimmedBlanks: Substring {
        var text = self[...]
        while text.first?.isBlank == true { text.removeFirst() }
        while text.last?.isBlank == true { text.removeLast() }
        return text
    }
}

/// `name` or `name=value`, as overlays and device-tree parameters are given.
public struct ConfigParameter: Hashable, Sendable {
    public var name: String
    /// nil for a parameter that is only named.
    public var value: String?

    public init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// Reads `a=1,b,c=2`.
    static func list(_ text: Substring) -> [ConfigParameter] {
        text.split(separator: ",").map { part in
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ConfigParameter(
                String(pieces[0].trimmedBlanks), pieces.count > 1 ? String(pieces[1].trimmedBlanks) : nil)
        }
    }
}

/// The value of a `dtoverlay=` line: `w1-gpio,gpiopin=4`, or the older `w1-gpio:gpiopin=4`.
public struct ConfigOverlay: Hashable, Sendable {
    /// Empty: ends the scope of the overlay before it.
    public var name: String
    public var parameters: [ConfigParameter]

    public init(_ value: String) {
        let end = value.firstIndex { $0 == "," || $0 == ":" } ?? value.endIndex
        name = String(value[..<end].trimmedBlanks)
        parameters = end == value.endIndex ? [] : ConfigParameter.list(value[value.index(after: end)...])
    }

    /// The value of the last parameter of this name, when it has one.
    public func value(of name: String) -> String? { parameters.last { $0.name == name }?.value }
}

/// The value of a `gpio=` line: `17,22-24=op,dh`.
public struct ConfigPins: Hashable, Sendable {
    public var pins: [Int]
    /// As they are written: `op`, `ip`, `dh`, `dl`, `pu`, `a0`.
    public var attributes: [String]

    /// nil when it is of another form.
    public init?(_ value: String) {
        let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var pins: [Int] = []
        for piece in parts[0].split(separator: ",") {
            let ends = piece.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
                Int($0.trimmedBlanks)
            }
            // No Pi has more lines than 58; a wider range is a slip, and must not cost memory.
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, last < 64, first <= last
            else {
                return nil
            }
            pins += first...last
        }
        self.pins = pins
        attributes = parts[1].split(separator: ",").map { String($0.trimmedBlanks) }
    }

    /// True for high, false for low, nil when the line says nothing of a driven level.
    public var level: Bool? {
        switch attributes.last(where: { $0 == "dh" || $0 == "dl" }) {
        case "dh": true
        case "dl": false
        default: nil
        }
    }
}
