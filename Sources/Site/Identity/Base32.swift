/// Bits as letters and digits, five to a character, the first bits first (RFC 4648, 6), without padding.
public struct Base32: Sendable {
    private let digits: [Character]

    /// - Parameter alphabet: 32 characters, that of 0 first.
    public init(alphabet: String) {
        digits = Array(alphabet)
        precondition(digits.count == 32)
    }

    /// That of RFC 4648, which authenticator apps take.
    public static let standard = Base32(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    /// Crockford's, which has no I, L, O and U to misread.
    public static let crockford = Base32(alphabet: "0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// What a digit stands for; nil when it is none.
    public func value(of digit: Character) -> UInt8? { digits.firstIndex(of: digit).map(UInt8.init) }

    /// The last character is filled up with zeros.
    public func text(of bytes: some Sequence<UInt8>) -> String {
        var text = ""
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(digits[bits >> count])
                bits &= 1 << count - 1
            }
        }
        if count > 0 { text.append(digits[bits << (5 - count)]) }
        return text
    }
}
