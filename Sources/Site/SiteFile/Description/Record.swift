/// A mapping with known keys, as a table of its fields.
struct Record<Root: Sendable>: Sendable {
    /// A value with all defaults, and placeholders where something must be given.
    let blank: Root
    let fields: [Field<Root>]
    /// When keys depend on one key's word: the fields that belong to each word.
    var variants: Variants?

    struct Variants: Sendable {
        /// The key that decides.
        let key: String
        let fields: [(word: String, fields: [Field<Root>])]
    }

    init(_ blank: Root, _ fields: [Field<Root>], variants: Variants? = nil) {
        self.blank = blank
        self.fields = fields
        self.variants = variants
    }

    /// As a shape; `noun` is what sentences call it.
    func shape(_ noun: String = "a mapping") -> Shape<Root> {
        Shape(
            read: { node, findings in read(node, noun, &findings) },
            write: { root in .mapping(write(root)) }, schema: schema, noun: noun)
    }

    private func read(_ node: SourceNode, _ noun: String, _ findings: inout Findings) -> Root? {
        guard case .mapping(let entries) = node.content else {
            node.refuse(noun == "a mapping" ? "a mapping (key: value)" : noun, &findings)
            return nil
        }
        var root = blank
        let known = fields(for: node)
        let byName = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in entries {
            if let field = byName[entry.key] {
                field.read(entry.value, &root, &findings)
            } else {
                noteUnknown(entry, in: node, known.map(\.name), &findings)
            }
        }
        for field in known where field.isRequired && node[field.name] == nil {
            let path = node.path.isEmpty ? field.name : "\(node.path).\(field.name)"
            findings.add(
                .error, node.position, path, "'\(field.name)' is missing", help(field).map { "\(field.name): \($0)" })
        }
        return root
    }

    private func fields(for node: SourceNode) -> [Field<Root>] {
        guard let variants, let word = node[variants.key]?.text else { return fields }
        return fields + (variants.fields.first { $0.word == word }?.fields ?? [])
    }

    private func noteUnknown(
        _ entry: SourceNode.Entry, in node: SourceNode, _ known: [String], _ findings: inout Findings
    ) {
        guard !findings.isFull else {
            return findings.add(.error, entry.keyPosition, entry.value.path, "not a key of this mapping")
        }
        if let variants {
            let word = node[variants.key]?.text ?? ""
            let owners = variants.fields.filter { $0.fields.contains { $0.name == entry.key } }.map(\.word)
            if !variants.fields.contains(where: { $0.word == word }), !owners.isEmpty { return }
            if !owners.isEmpty {
                findings.add(
                    .error, entry.keyPosition, entry.value.path,
                    "'\(entry.key)' does not belong to \(variants.key) \(word)",
                    "it belongs to \(owners.joined(separator: ", "))")
                return
            }
        }
        findings.add(
            .error, entry.keyPosition, entry.value.path, "'\(entry.key.excerpt)' is not a key of this mapping",
            Self.secretWords.contains(entry.key.lowercased())
                ? "no password stands here: put it in secrets.yaml, and write 'secret: NAME' where that is a key"
                : synonym(entry.key, known) ?? Suggestion.hint(entry.key, in: known))
    }

    /// The key of another mapping for the same thing.
    private func synonym(_ key: String, _ known: [String]) -> String? {
        let pairs = [("vin", "supply"), ("supply", "vin")]
        return pairs.first { $0.0 == key && known.contains($0.1) }.map { "did you mean '\($0.1)'?" }
    }

    private static var secretWords: Set<String> { ["password", "passwd", "pass", "token", "psk", "api_key", "apikey"] }

    private func help(_ field: Field<Root>) -> String? {
        guard case .object(let members) = field.schema,
            case .string(let text)? = members.first(where: { $0.name == "description" })?.value
        else { return nil }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private func write(_ root: Root) -> [PlainTree.Entry] {
        func entries(_ fields: [Field<Root>]) -> [PlainTree.Entry] {
            fields.compactMap { field in field.write(root).map { .init(key: field.name, value: $0) } }
        }
        var all = entries(fields)
        if let variants, case .text(let word)? = all.first(where: { $0.key == variants.key })?.value {
            all += entries(variants.fields.first { $0.word == word }?.fields ?? [])
        }
        return all
    }

    private var schema: JSONValue {
        var members: [JSONValue.Member] = [.init(name: "type", value: .string("object"))]
        members += Self.members(fields)
        guard let variants else {
            return .object(members + [.init(name: "additionalProperties", value: .boolean(false))])
        }
        let branches = variants.fields.map { word, fields in
            JSONValue.object([
                "if": .object([
                    "properties": .object([.init(name: variants.key, value: .object(["const": .string(word)]))])
                ]),
                "then": .object(Self.members(fields)),
            ])
        }
        return .object(
            members + [
                .init(name: "allOf", value: .array(branches)),
                .init(name: "unevaluatedProperties", value: .boolean(false)),
            ])
    }

    private static func members(_ fields: [Field<Root>]) -> [JSONValue.Member] {
        let required = fields.filter(\.isRequired).map(\.name)
        let properties = JSONValue.object(fields.map { .init(name: $0.name, value: $0.schema) })
        return [.init(name: "properties", value: properties)]
            + (required.isEmpty ? [] : [.init(name: "required", value: .strings(required))])
    }
}
