/// What JSON values of a kind look like (JSON Schema, draft 2020-12), as a value.
///
/// A named one stands once among the components of an OpenAPI document; wherever it is used, it is referred to.
public struct Schema: Hashable, Sendable {
    /// The keywords; of a named one only the reference.
    public let json: JSONValue
    /// The named schemas that it refers to, itself and those behind them included.
    public let components: [String: JSONValue]

    public init(_ keywords: KeyValuePairs<String, JSONValue> = [:]) {
        self.init(json: .object(keywords), components: [:])
    }

    private init(json: JSONValue, components: [String: JSONValue]) {
        self.json = json
        self.components = components
    }

    /// Where the components of an OpenAPI document stand (OpenAPI 3.1.1, 4.8.7).
    private static let place = "#/components/schemas/"

    // MARK: Single values

    /// - Parameters:
    ///   - length: In code points.
    ///   - pattern: A regular expression of ECMA 262; not anchored by itself.
    public static func string(_ length: ClosedRange<Int>? = nil, pattern: String? = nil) -> Schema {
        var json = JSONValue.object(["type": .string("string")])
        if let length {
            if length.lowerBound > 0 { json = json.adding(["minLength": .number(Double(length.lowerBound))]) }
            json = json.adding(["maxLength": .number(Double(length.upperBound))])
        }
        if let pattern { json = json.adding(["pattern": .string(pattern)]) }
        return Schema(json: json, components: [:])
    }

    /// Free text; a NUL is in none.
    public static func text(_ length: ClosedRange<Int>) -> Schema { .string(length, pattern: #"^[^\u0000]*$"#) }

    /// A word of a closed list.
    public static func word(_ words: [String]) -> Schema {
        Schema(["type": .string("string"), "enum": .strings(words)])
    }

    /// A moment as `ISO8601.string` writes it.
    public static let moment = Schema(["type": .string("string"), "format": .string("date-time")])

    /// - Parameter range: Of at most 15 digits, which every reader of JSON keeps (RFC 8259, 6).
    public static func integer(_ range: ClosedRange<Int64>? = nil) -> Schema {
        guard let range else { return Schema(["type": .string("integer")]) }
        return Schema([
            "type": .string("integer"), "minimum": .number(Double(range.lowerBound)),
            "maximum": .number(Double(range.upperBound)),
        ])
    }

    /// A whole number that is not negative.
    public static let count = Schema(["type": .string("integer"), "minimum": .number(0)])
    public static let number = Schema(["type": .string("number")])
    public static let flag = Schema(["type": .string("boolean")])

    // MARK: Values made of others

    public static func array(of element: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        var json = JSONValue.object(["type": .string("array"), "items": element.json])
        if let count {
            if count.lowerBound > 0 { json = json.adding(["minItems": .number(Double(count.lowerBound))]) }
            json = json.adding(["maxItems": .number(Double(count.upperBound))])
        }
        return Schema(json: json, components: element.components)
    }

    /// An array with one value of each.
    public static func tuple(_ elements: [Schema]) -> Schema {
        let count = JSONValue.number(Double(elements.count))
        return Schema(
            json: .object([
                "type": .string("array"), "prefixItems": .array(elements.map(\.json)), "items": .boolean(false),
                "minItems": count, "maxItems": count,
            ]), components: merged(elements))
    }

    /// An object whose members have any name.
    public static func map(of value: Schema) -> Schema {
        Schema(
            json: .object(["type": .string("object"), "additionalProperties": value.json]),
            components: value.components)
    }

    public static func any(of schemas: [Schema]) -> Schema {
        Schema(json: .object(["anyOf": .array(schemas.map(\.json))]), components: merged(schemas))
    }

    /// One member of an object.
    public struct Member: Hashable, Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        /// - Parameter help: What it says, in a sentence.
        public static func required(_ name: String, _ schema: Schema, _ help: String) -> Member {
            Member(name: name, schema: schema.explained(help), isRequired: true)
        }

        /// A member that is left out where it says nothing; it is never `null`.
        public static func optional(_ name: String, _ schema: Schema, _ help: String) -> Member {
            Member(name: name, schema: schema.explained(help), isRequired: false)
        }
    }

    /// - Parameter isClosed: Whether no other members are taken. Not for answers, where members may be added.
    public static func object(_ members: [Member], isClosed: Bool = false) -> Schema {
        var json = JSONValue.object([
            "type": .string("object"),
            "properties": .object(members.map { JSONValue.Member(name: $0.name, value: $0.schema.json) }),
        ])
        let required = members.filter(\.isRequired).map(\.name)
        if !required.isEmpty { json = json.adding(["required": .strings(required)]) }
        if isClosed { json = json.adding(["additionalProperties": .boolean(false)]) }
        return Schema(json: json, components: merged(members.map(\.schema)))
    }

    /// An answer of the API: an object with its version.
    public static func document(_ members: [Member]) -> Schema {
        let version = Schema(["type": .string("integer"), "const": .number(1)])
        return .object(
            [.required("schema", version, "Version of this document; within it, members are only added.")] + members)
    }

    // MARK: More of the same

    /// The same with further keywords.
    public func adding(_ keywords: KeyValuePairs<String, JSONValue>) -> Schema {
        Schema(json: json.adding(keywords), components: components)
    }

    /// The same with a sentence on what it means.
    public func explained(_ help: String) -> Schema { adding(["description": .string(help)]) }

    /// The same as a component, and referred to.
    public func named(_ name: String) -> Schema {
        Schema(
            json: .object(["$ref": .string(Self.place + name)]),
            components: Self.merged([self, Schema(json: .object([]), components: [name: json])]))
    }

    /// What the members of the object are called, also of one that is referred to; empty for anything else.
    public var memberNames: [String] {
        var json = json
        if case .string(let reference)? = json["$ref"],
            let target = components[String(reference.dropFirst(Self.place.count))]
        {
            json = target
        }
        guard case .object(let properties)? = json["properties"] else { return [] }
        return properties.map(\.name)
    }

    /// All the named ones of some schemas.
    ///
    /// Two different ones of one name are a mistake of whoever named them.
    public static func merged(_ schemas: [Schema]) -> [String: JSONValue] {
        schemas.reduce(into: [:]) { all, schema in
            all.merge(schema.components) { one, other in
                precondition(one == other, "two schemas have the same name")
                return one
            }
        }
    }
}

/// A value of the API that says what its JSON looks like.
///
/// What is described this way stands in the API's description (`/api/v1/openapi.json`) wherever it is taken or given.
public protocol Described: SendableMetatype {
    static var schema: Schema { get }
}
