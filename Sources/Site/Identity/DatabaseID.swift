/// The identity of one database file: a UUIDv7 (RFC 9562, 5.7), minted when the file is made.
///
/// A replaced file gets a new one and names its predecessor.
public struct DatabaseID: Hashable, Sendable, TextCodable {
    /// 16 bytes, network order.
    public let bytes: [UInt8]

    /// A new ID: 48 bits of Unix milliseconds, then 74 random bits.
    public init(milliseconds: Int64, random: inout some RandomNumberGenerator) {
        let time = UInt64(clamping: milliseconds)
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: time >> (40 - 8 * $0)) }
        bytes += (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        self.bytes = bytes
    }

    /// Reads the text form (8-4-4-4-12 hexadecimal digits); nil for anything else, other UUID versions included.
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
        let digits = groups.joined().utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 32 else { return nil }
        let bytes = stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        guard bytes[6] >> 4 == 7, bytes[8] >> 6 == 0b10 else { return nil }
        self.bytes = bytes
    }

    public var description: String {
        let digits = Array("0123456789abcdef")
        let hexadecimal = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hexadecimal[$0]) }.joined(separator: "-")
    }
}
