import Crypto
import Site

/// Codes that take the place of the phone, once each: 80 random bits, as 16 characters of Crockford's base 32.
enum RecoveryCode {
    /// New ones, in groups of four.
    static func make(_ count: Int = 8) -> [String] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let secret = (0..<10).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let digits = Array(Base32.crockford.text(of: secret).lowercased())
            return stride(from: 0, to: 16, by: 4).map { String(digits[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }

    /// What is kept of one; blanks, hyphens and capitals do not matter.
    static func hash(_ code: String) -> [UInt8] {
        let plain = code.lowercased().filter { !$0.isWhitespace && $0 != "-" }
        return Array(SHA256.hash(data: Array(plain.utf8)))
    }
}
