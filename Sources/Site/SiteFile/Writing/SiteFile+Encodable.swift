extension SiteFile: Encodable {
    /// The whole configuration with every default, in the shape and with the words of the file.
    public func encode(to encoder: any Encoder) throws {
        try Self.table.shape().write(self).encode(to: encoder)
    }
}

extension PlainTree: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try encode(text, to: encoder)
        case .number(let number): try encode(number, to: encoder)
        case .flag(let flag): try encode(flag, to: encoder)
        case .list(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .mapping(let entries):
            var container = encoder.container(keyedBy: Key.self)
            for entry in entries { try container.encode(entry.value, forKey: Key(stringValue: entry.key)) }
        }
    }

    private func encode(_ scalar: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(scalar)
    }
}
