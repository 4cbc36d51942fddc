/// How private a value is: a support bundle leaves out or replaces by it.
///
/// In the schema as `x-picli-class`.
public enum DataClass: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// May be shown to anyone who services units.
    case plain
    /// Names a person, a customer, a place or an address in their network.
    case personal
    /// Gives access.
    case secret

    /// Whether a value of the first class may be seen by more people than one of the second.
    public static func < (one: DataClass, other: DataClass) -> Bool {
        (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }
}

/// One key of a mapping: its name, its place in the value, and everything there is to say of it.
struct Field<Root>: Sendable {
    let name: String
    let isRequired: Bool
    /// With description, default and data class.
    let schema: JSONValue
    let read: @Sendable (SourceNode, inout Root, inout Findings) -> Void
    /// nil when there is nothing to write.
    let write: @Sendable (Root) -> PlainTree?

    /// A key that must be given.
    static func required<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ shape: Shape<Value>,
        _ help: String, _ dataClass: DataClass
    ) -> Field {
        Field(
            name: name, isRequired: true, schema: describe(shape.schema, help, dataClass),
            read: { node, root, findings in
                if let value = shape.read(node, &findings) { root[keyPath: path] = value }
            },
            write: { shape.write($0[keyPath: path]) })
    }

    /// A key that may be left out, and then means nothing.
    static func optional<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, _ shape: Shape<Value>,
        _ help: String, _ dataClass: DataClass
    ) -> Field {
        Field(
            name: name, isRequired: false, schema: describe(shape.schema, help, dataClass),
            read: { node, root, findings in
                if let value = shape.read(node, &findings) { root[keyPath: path] = value }
            },
            write: { $0[keyPath: path].map(shape.write) })
    }

    /// A key that may be left out, and then has the value that it has in `blank`.
    static func defaulted<Value: Equatable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ shape: Shape<Value>,
        of blank: Root, _ help: String, _ dataClass: DataClass
    ) -> Field {
        let fallback = shape.write(blank[keyPath: path])
        return Field(
            name: name, isRequired: false,
            schema: describe(shape.schema, help, dataClass).adding(["default": fallback.json]),
            read: { node, root, findings in
                if let value = shape.read(node, &findings) { root[keyPath: path] = value }
            },
            write: { shape.write($0[keyPath: path]) })
    }

    /// A list or section that may be left out, and is then left out of the canonical text too.
    static func list<Element>(
        _ name: String, _ path: any WritableKeyPath<Root, [Element]> & Sendable, _ shape: Shape<[Element]>,
        _ help: String, _ dataClass: DataClass
    ) -> Field {
        Field(
            name: name, isRequired: false, schema: describe(shape.schema, help, dataClass),
            read: { node, root, findings in
                if let value = shape.read(node, &findings) { root[keyPath: path] = value }
            },
            write: { $0[keyPath: path].isEmpty ? nil : shape.write($0[keyPath: path]) })
    }

    private static func describe(_ schema: JSONValue, _ help: String, _ dataClass: DataClass) -> JSONValue {
        schema.adding(["description": .string(help), "x-picli-class": .string(dataClass.rawValue)])
    }
}
