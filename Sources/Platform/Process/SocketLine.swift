import FoundationEssentials

/// Newline-delimited JSON: what processes of a unit say to each other over a socket.
public enum SocketLine {
    /// Bytes that one line may have.
    public static let most = 256 * 1024

    public static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(value) else { return [] }
        return Array(json) + [UInt8(ascii: "\n")]
    }

    public static func value<Value: Decodable>(_ type: Value.Type, from line: some Collection<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }
}

/// A failure as it crosses a socket.
public struct SocketRefusal: Hashable, Sendable, Codable {
    public let code: String
    public let message: String
    public let hint: String?

    public init(_ failure: Failure) {
        code = failure.code
        message = failure.message
        hint = failure.hint
    }

    public var failure: Failure { Failure(code, message, hint: hint) }
}
