/// A value that is encoded as its text: one word in JSON, whatever it is made of.
public protocol TextCodable: Codable, LosslessStringConvertible {}

extension TextCodable {
    /// - Throws: `DecodingError` when it is no text, or not that of such a value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a \(Self.self)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
