/// One description of a kind of value, from which it is read, written and explained.
///
/// The reader, the canonical text and the JSON Schema come from the same description, so they cannot drift apart.
struct Shape<Value>: Sendable {
    /// The value of a node; nil, with an error noted, when the node is something else.
    let read: @Sendable (SourceNode, inout Findings) -> Value?
    let write: @Sendable (Value) -> PlainTree
    let schema: JSONValue
    /// What is expected, for sentences: `a duration like 10s`.
    let noun: String

    /// A shape that is written as one scalar.
    static func scalar(
        _ noun: String, schema: JSONValue, write: @escaping @Sendable (Value) -> PlainTree,
        parse: @escaping @Sendable (String) -> Result<Value, ScalarFailure>
    ) -> Shape {
        Shape(
            read: { node, findings in
                guard let text = node.scalarText(noun, &findings) else { return nil }
                switch parse(text) {
                case .success(let value): return value
                case .failure(let failure):
                    findings.error(node, failure.message, hint: failure.hint)
                    return nil
                }
            },
            write: write, schema: schema, noun: noun)
    }

    /// The same, with a further rule.
    func checked(
        schema members: KeyValuePairs<String, JSONValue> = [:],
        _ rule: @escaping @Sendable (Value) -> ScalarFailure?
    ) -> Shape {
        Shape(
            read: { node, findings in
                guard let value = read(node, &findings) else { return nil }
                guard let failure = rule(value) else { return value }
                findings.error(node, failure.message, hint: failure.hint)
                return nil
            },
            write: write, schema: schema.adding(members), noun: noun)
    }

    /// Another value, written the same way.
    func map<Other>(
        to: @escaping @Sendable (Value) -> Other, from: @escaping @Sendable (Other) -> Value
    ) -> Shape<Other> {
        Shape<Other>(
            read: { node, findings in read(node, &findings).map(to) }, write: { write(from($0)) }, schema: schema,
            noun: noun)
    }

    /// A list of these.
    ///
    /// Entries that cannot be read are left out; which ones were is noted.
    var list: Shape<[Value]> {
        Shape<[Value]>(
            read: { node, findings in
                guard case .sequence(let elements) = node.content else {
                    node.refuse("a list", hint: listHint(node), &findings)
                    return nil
                }
                return readAll(elements, of: node, &findings)
            },
            write: { .list($0.map(write)) },
            schema: .object(["type": .string("array"), "items": schema, "maxItems": .number(Double(maximumEntries))]),
            noun: "a list")
    }

    /// One of these, or a list of them.
    var oneOrMore: Shape<[Value]> {
        Shape<[Value]>(
            read: { node, findings in
                guard case .sequence(let elements) = node.content else {
                    return read(node, &findings).map { [$0] } ?? []
                }
                if elements.isEmpty { findings.error(node, "the list is empty", hint: "remove it, or name one") }
                return readAll(elements, of: node, &findings)
            },
            write: { $0.count == 1 ? write($0[0]) : .list($0.map(write)) },
            schema: .object([
                "oneOf": .array([
                    schema,
                    .object([
                        "type": .string("array"), "items": schema, "minItems": .number(1),
                        "maxItems": .number(Double(maximumEntries)),
                    ]),
                ])
            ]),
            noun: noun)
    }

    /// What to write where one value stands alone in place of a list.
    private func listHint(_ node: SourceNode) -> String? {
        guard case .scalar(let text, let isQuoted) = node.content else { return nil }
        var unheard = Findings(file: "")
        guard text.count <= 60, read(node, &unheard) != nil else { return "each entry is \(noun)" }
        return isQuoted ? "write [\"\(text)\"]" : "write [\(text)]"
    }

    private func readAll(_ elements: [SourceNode], of node: SourceNode, _ findings: inout Findings) -> [Value] {
        guard elements.count <= maximumEntries else {
            findings.error(node, "the list has more than \(maximumEntries) entries")
            return []
        }
        var values: [Value] = []
        var readable: [Int] = []
        for (index, element) in elements.enumerated() {
            guard let value = read(element, &findings) else { continue }
            values.append(value)
            readable.append(index)
        }
        findings.readable[node.path] = readable
        return values
    }
}

/// More than any unit can have; keeps the cost of checking a hostile file small.
private let maximumEntries = 500

/// Why a scalar is not what is expected here, and what to do.
struct ScalarFailure: Error {
    let message: String
    var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

extension SourceNode {
    /// The text of a scalar that says something; otherwise an error is noted.
    func scalarText(_ noun: String, _ findings: inout Findings) -> String? {
        guard let text, !isNull else {
            refuse(noun, &findings)
            return nil
        }
        return text
    }

    func refuse(_ noun: String, hint: String? = nil, _ findings: inout Findings) {
        if isNull {
            findings.error(self, "there is no value; expected \(noun)", hint: "give one, or remove the line")
        } else {
            findings.error(self, "expected \(noun), found \(kind)", hint: hint)
        }
    }
}
