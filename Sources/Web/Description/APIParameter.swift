public import Site

/// A parameter of an operation of the API, as the API's description shows it and as requests are read by it.
public struct APIParameter: Hashable, Sendable {
    /// Where it stands.
    public enum Place: String, Sendable {
        case path
        case query
        case header
    }

    public let name: String
    public let place: Place
    public let schema: Schema
    /// What it means, in a sentence or two.
    public let help: String
    /// A value that is taken; for one that may be repeated, of one of them.
    public let example: JSONValue
    public let isRequired: Bool
    /// How often it may come; 1 for most.
    public let most: Int

    private init(
        _ name: String, _ place: Place, _ schema: Schema, _ help: String, example: JSONValue, isRequired: Bool,
        most: Int = 1
    ) {
        self.name = name
        self.place = place
        self.schema = schema
        self.help = help
        self.example = example
        self.isRequired = isRequired
        self.most = most
    }

    /// One that comes once, or not at all; an empty value is none.
    public static func query(_ name: String, _ schema: Schema, _ help: String, example: JSONValue) -> Self {
        Self(name, .query, schema, help, example: example, isRequired: false)
    }

    /// One that may be repeated: `metric=a&metric=b`.
    public static func queries(
        _ name: String, _ schema: Schema, _ help: String, example: JSONValue, isRequired: Bool = false, most: Int
    ) -> Self {
        Self(name, .query, schema, help, example: example, isRequired: isRequired, most: most)
    }

    /// A segment of the path: `:name` of the route.
    public static func path(_ name: String, _ schema: Schema, _ help: String, example: JSONValue) -> Self {
        Self(name, .path, schema, help, example: example, isRequired: true)
    }

    /// A field of the head, or none.
    public static func header(_ name: String, _ schema: Schema, _ help: String, example: JSONValue) -> Self {
        Self(name, .header, schema, help, example: example, isRequired: false)
    }

    /// As it may stand in a query: `limit=200`.
    var sample: String {
        switch example {
        case .string(let text): "\(name)=\(FormText.encoded(text))"
        case .number(let number): "\(name)=\(Int(number))"
        case .boolean, .array, .object: "\(name)="
        }
    }

    /// As it stands in an OpenAPI document (3.1.1, 4.8.12).
    var json: JSONValue {
        let isRepeatable = most > 1
        let whole = isRepeatable ? Schema.array(of: schema, (isRequired ? 1 : 0)...most) : schema
        var members: [JSONValue.Member] = [
            .init(name: "name", value: .string(name)), .init(name: "in", value: .string(place.rawValue)),
            .init(name: "description", value: .string(help)), .init(name: "required", value: .boolean(isRequired)),
            .init(name: "schema", value: whole.json),
            .init(name: "example", value: isRepeatable ? .array([example]) : example),
        ]
        // A field that was left empty in a form.
        if place == .query, !isRequired { members.append(.init(name: "allowEmptyValue", value: .boolean(true))) }
        return .object(members)
    }
}

/// A parameter that is a whole number within a range: what is described is what is read.
///
/// `Value` is `Int` for one with a default, and `Int?` for one that may be left out.
public struct IntegerParameter<Value: Sendable>: Sendable {
    let range: ClosedRange<Int>
    let fallback: Value
    public let described: APIParameter

    private init(
        _ name: String, _ range: ClosedRange<Int>, _ fallback: Value, _ keywords: KeyValuePairs<String, JSONValue>,
        _ help: String, _ example: Int
    ) {
        self.range = range
        self.fallback = fallback
        described = .query(
            name, .integer(Int64(range.lowerBound)...Int64(range.upperBound)).adding(keywords), help,
            example: .number(Double(example)))
    }
}

extension IntegerParameter where Value == Int {
    public init(_ name: String, in range: ClosedRange<Int>, default fallback: Int, _ help: String) {
        self.init(name, range, fallback, ["default": .number(Double(fallback))], help, fallback)
    }
}

extension IntegerParameter where Value == Int? {
    public init(_ name: String, in range: ClosedRange<Int>, _ help: String, example: Int) {
        self.init(name, range, nil, [:], help, example)
    }
}
