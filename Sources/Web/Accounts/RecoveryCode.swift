import Crypto

/// Codes that take the place of the phone, once each: 80 random bits, as 16 characters of Crockford's base 32.
enum RecoveryCode {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// New ones, in groups of four.
    static func make(_ count: Int = 8) -> [String] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            (0..<4).map { _ in String((0..<4).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }) }
                .joined(separator: "-")
        }
    }

    /// What is kept of one; blanks, hyphens and capitals do not matter.
    static func hash(_ code: String) -> [UInt8] {
        let plain = code.lowercased().filter { !$0.isWhitespace && $0 != "-" }
        return Array(SHA256.hash(data: Array(plain.utf8)))
    }
}
