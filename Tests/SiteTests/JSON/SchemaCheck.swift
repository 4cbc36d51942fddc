import Foundation

@testable import Site

/// Compares JSON with a schema, as far as the schemas of our documents go; a member that no schema names is a fault.
struct SchemaCheck {
    let components: [String: JSONValue]

    func faults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if case .string(let reference)? = schema["$ref"] {
            guard let target = components[String(reference.split(separator: "/").last ?? "")] else {
                return ["\(place): \(reference) is nowhere"]
            }
            return faults(value, target, at: place)
        }
        if case .array(let ones)? = schema["anyOf"] {
            return ones.contains { faults(value, $0, at: place).isEmpty } ? [] : ["\(place): is none of them"]
        }
        guard isOfType(value, schema["type"]) else { return ["\(place): \(value) is of another type"] }
        return switch value {
        case .object(let members): inObject(members, schema, place)
        case .array(let elements): inArray(elements, schema, place)
        case .string(let text): inText(text, schema, place)
        case .number, .boolean:
            schema["const"].map { $0 == value } ?? true ? [] : ["\(place): is not what it always is"]
        }
    }

    private func isOfType(_ value: JSONValue, _ type: JSONValue?) -> Bool {
        switch (type, value) {
        case (.array(let types)?, _): types.contains { isOfType(value, $0) }
        case (.string("object")?, .object), (.string("array")?, .array), (.string("string")?, .string),
            (.string("boolean")?, .boolean), (.string("number")?, .number):
            true
        case (.string("integer")?, .number(let number)): number.rounded() == number
        default: false
        }
    }

    private func inObject(_ members: [JSONValue.Member], _ schema: JSONValue, _ place: String) -> [String] {
        if let all = schema["additionalProperties"], case .object = all {
            return members.flatMap { faults($0.value, all, at: "\(place).\($0.name)") }
        }
        guard case .object(let properties)? = schema["properties"] else { return ["\(place): has no properties"] }
        let names = members.map(\.name)
        let unknown = names.filter { name in !properties.contains { $0.name == name } }
        var required: [String] = []
        if case .array(let names)? = schema["required"] {
            required = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        }
        return unknown.map { "\(place).\($0): is not described" }
            + required.filter { !names.contains($0) }.map { "\(place).\($0): is missing" }
            + members.flatMap { member in
                properties.first { $0.name == member.name }
                    .map { faults(member.value, $0.value, at: "\(place).\(member.name)") } ?? []
            }
    }

    private func inArray(_ elements: [JSONValue], _ schema: JSONValue, _ place: String) -> [String] {
        if case .array(let schemas)? = schema["prefixItems"] {
            guard schemas.count == elements.count else { return ["\(place): has \(elements.count) elements"] }
            return zip(elements, schemas).flatMap { faults($0, $1, at: "\(place)[]") }
        }
        guard let schema = schema["items"] else { return ["\(place): has no items"] }
        return elements.flatMap { faults($0, schema, at: "\(place)[]") }
    }

    private func inText(_ text: String, _ schema: JSONValue, _ place: String) -> [String] {
        if case .array(let words)? = schema["enum"], !words.contains(.string(text)) {
            return ["\(place): ‘\(text)’ is not one of the words"]
        }
        if case .string(let pattern)? = schema["pattern"],
            text.range(of: pattern, options: .regularExpression) == nil
        {
            return ["\(place): ‘\(text)’ does not match \(pattern)"]
        }
        if schema["format"] == .string("date-time"), ISO8601.milliseconds(text) == nil {
            return ["\(place): ‘\(text)’ is no time"]
        }
        return []
    }
}

/// Any JSON.
struct PlainJSON: Decodable {
    let value: JSONValue

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            value = .object(
                try container.allKeys.map {
                    .init(name: $0.stringValue, value: try container.decode(PlainJSON.self, forKey: $0).value)
                })
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !container.isAtEnd { elements.append(try container.decode(PlainJSON.self).value) }
            value = .array(elements)
        } else {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                value = .boolean(flag)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else {
                value = .string(try container.decode(String.self))
            }
        }
    }
}
