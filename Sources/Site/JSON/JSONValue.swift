/// A JSON value whose objects keep the order they were written in, for schemas.
public enum JSONValue: Hashable, Sendable {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case array([JSONValue])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    public static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// An object with more members; those of the same name are replaced.
    public func adding(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        guard case .object(var all) = self else { return self }
        for (name, value) in members {
            all.removeAll { $0.name == name }
            all.append(Member(name: name, value: value))
        }
        return .object(all)
    }

    /// The value of an object's member; nil when there is none, and for anything else than an object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Indented by two spaces; short arrays and objects without nesting stay on one line.
    public var text: String {
        var text = ""
        write(to: &text, indent: "")
        return text + "\n"
    }

    private var isFlat: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    private func write(to text: inout String, indent: String) {
        let inner = indent + "  "
        switch self {
        case .string(let string): text += Self.quoted(string)
        case .number(let number): text += DecimalText.text(number)
        case .boolean(let flag): text += flag ? "true" : "false"
        case .array(let elements):
            let isFlat = elements.allSatisfy(\.isFlat)
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += isFlat ? ", " : "," }
                if !isFlat { text += "\n" + inner }
                element.write(to: &text, indent: inner)
            }
            text += isFlat ? "]" : "\n\(indent)]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                text += (index > 0 ? ",\n" : "\n") + inner
                text += Self.quoted(member.name)
                text += ": "
                member.value.write(to: &text, indent: inner)
            }
            text += members.isEmpty ? "}" : "\n\(indent)}"
        }
    }

    /// A string as JSON text, with its quotes (RFC 8259, 7).
    public static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let code = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
