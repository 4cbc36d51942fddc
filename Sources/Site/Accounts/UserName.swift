/// The name that somebody signs in with.
///
/// 1 to 32 characters: lower case letters, digits, and `.`, `_`, `-` but not at the start, as useradd(8) recommends them.
public struct UserName: Hashable, Sendable, TextCodable {
    public let description: String

    /// nil when `text` is no such name; capital letters are taken for small ones, because phones begin with one.
    public init?(_ text: String) {
        let text = text.lowercased()
        let bytes = Array(text.utf8)
        guard (1...32).contains(bytes.count), let first = bytes.first, Self.isAlphanumeric(first),
            bytes.allSatisfy({ Self.isAlphanumeric($0) || ".-_".utf8.contains($0) })
        else { return nil }
        description = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
