/// What a site file's value looks like when it is written: texts, numbers, flags, lists and mappings.
enum PlainTree: Hashable, Sendable {
    case text(String)
    case number(Double)
    /// Written `true` or `false`.
    case flag(Bool)
    case list([PlainTree])
    case mapping([Entry])

    struct Entry: Hashable, Sendable {
        let key: String
        let value: PlainTree
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number)
        case .flag(let flag): .boolean(flag)
        case .list(let elements): .array(elements.map(\.json))
        case .mapping(let entries): .object(entries.map { .init(name: $0.key, value: $0.value.json) })
        }
    }

    /// Block-style YAML.
    var yaml: String {
        var text = ""
        write(to: &text, indent: "")
        return text
    }

    private func write(to text: inout String, indent: String) {
        switch self {
        case .text, .number, .flag: text += " \(scalar)\n"
        case .list(let elements):
            for element in elements {
                text += indent + "-"
                element.writeNested(to: &text, indent: indent)
            }
        case .mapping(let entries):
            for entry in entries {
                text += indent + Self.quoteIfNeeded(entry.key) + ":"
                switch entry.value {
                case .list(let elements) where elements.isEmpty: text += " []\n"
                case .list(let elements) where elements.allSatisfy(\.isScalar):
                    text += " [\(elements.map(\.scalar).joined(separator: ", "))]\n"
                case .mapping(let entries) where entries.isEmpty: text += " {}\n"
                case .list, .mapping:
                    text += "\n"
                    entry.value.write(to: &text, indent: indent + "  ")
                default: entry.value.write(to: &text, indent: indent)
                }
            }
        }
    }

    /// An element of a list: a mapping begins on the line of its dash.
    private func writeNested(to text: inout String, indent: String) {
        guard case .mapping(let entries) = self, !entries.isEmpty else {
            return write(to: &text, indent: indent + "  ")
        }
        var inner = ""
        write(to: &inner, indent: indent + "  ")
        text += " " + inner.dropFirst(indent.count + 2)
    }

    private var isScalar: Bool {
        switch self {
        case .text, .number, .flag: true
        default: false
        }
    }

    /// A text, number or flag as it stands in YAML.
    var scalar: String {
        switch self {
        case .text(let text): Self.quoteIfNeeded(text)
        case .number(let number): DecimalText.text(number)
        case .flag(let flag): flag ? "true" : "false"
        default: ""
        }
    }

    /// Quotes whatever some YAML reader could take for something else than this text.
    private static func quoteIfNeeded(_ text: String) -> String {
        let words: Set<String> = ["on", "off", "yes", "no", "y", "n", "true", "false", "null", "~", ""]
        let isPlain =
            !words.contains(text.lowercased()) && text.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
            && !text.contains("..") && DecimalText.number(text) == nil && text.contains(where: \.isLetter)
            && !looksLikeNumber(text)
        guard !isPlain else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}":
                let code = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// `0x48`, `1e5`, `0o7`: numbers to one version of YAML or another.
    private static func looksLikeNumber(_ text: String) -> Bool {
        guard text.first?.isNumber == true else { return false }
        let rest = text.lowercased()
        return rest.hasPrefix("0x") || rest.hasPrefix("0o") || rest.hasPrefix("0b")
            || rest.allSatisfy { $0.isNumber || "e.-_".contains($0) }
    }
}
