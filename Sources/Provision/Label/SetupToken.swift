import Crypto
import Site

/// The secret by which the first person logs in to a new unit; it dies at that login.
///
/// 128 random bits, of which the unit keeps a hash only. Printed as seven groups of four characters of Crockford's
/// base 32, which has no I, L, O and U to misread; the last 12 bits are a check, so that a slip of the finger is told
/// as such, and costs none of the few attempts that a login has.
///
/// Never shown by accident: what prints, dumps or mirrors a token sees `SetupToken(hidden)`.
public struct SetupToken: Sendable {
    private static let size = 16
    private static let length = 28

    private let secret: [UInt8]

    /// A new token: 128 bits of the generator and of nothing else.
    public init(random: inout some RandomNumberGenerator) {
        secret = (0..<Self.size).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// A new token from the kernel's generator.
    public init() {
        var random = SystemRandomNumberGenerator()
        self.init(random: &random)
    }

    /// Reads what was typed from a label: any case, any blanks and hyphens, O for 0, I and L for 1.
    ///
    /// nil when it is no token, or one with a wrong character.
    public init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        for character in text {
            if Self.isSeparator(character) { continue }
            guard digits.count < Self.length, let digit = Self.digit(character) else { return nil }
            digits.append(digit)
        }
        guard digits.count == Self.length else { return nil }
        var secret: [UInt8] = []
        var bits = 0
        var count = 0
        for digit in digits {
            bits = bits << 5 | Int(digit)
            count += 5
            if count >= 8, secret.count < Self.size {
                count -= 8
                secret.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= 1 << count - 1
            }
        }
        // 28 digits are 140 bits: what is left are the 12 bits of the check.
        guard bits == Self.check(secret) else { return nil }
        self.secret = secret
    }

    /// As it stands in the address of the label: 28 characters.
    public var compactText: String { characters }

    /// As it is printed for people: `7K3M-92QF-…`, seven groups of four.
    public var text: String { groups.joined(separator: "-") }

    /// The seven groups, for whoever breaks them into lines.
    public var groups: [String] {
        let characters = Array(characters)
        return stride(from: 0, to: Self.length, by: 4).map { String(characters[$0..<$0 + 4]) }
    }

    /// What the unit keeps: SHA-256 of the 16 bytes.
    ///
    /// Slow, salted hashes guard secrets that people choose. Nobody guesses one of 2^128 random numbers, so a fast hash
    /// without salt gives nothing away.
    public var hash: [UInt8] { Array(SHA256.hash(data: secret)) }

    /// Whether this is the token of a kept hash; takes the same time wherever they differ.
    public func matches(hash other: some Sequence<UInt8>) -> Bool {
        let other = Array(other)
        let own = hash
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The 140 bits of secret and check; the 29th character is what fills up the last byte, and is cut off.
    private var characters: String {
        let check = Self.check(secret)
        let bytes = secret + [UInt8(check >> 4), UInt8(check & 15) << 4]
        return String(Base32.crockford.text(of: bytes).prefix(Self.length))
    }

    /// The first 12 bits of a hash of its own, which is no part of the one that is kept.
    private static func check(_ secret: [UInt8]) -> Int {
        var hash = SHA256()
        hash.update(data: Array("picli setup token".utf8))
        hash.update(data: secret)
        let digest = Array(hash.finalize())
        return Int(digest[0]) << 4 | Int(digest[1]) >> 4
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}".contains(character)
    }

    private static func digit(_ character: Character) -> UInt8? {
        guard character.isASCII, let upper = character.uppercased().first else { return nil }
        return switch upper {
        case "O": 0
        case "I", "L": 1
        default: Base32.crockford.value(of: upper)
        }
    }
}

extension SetupToken: Equatable {
    public static func == (left: SetupToken, right: SetupToken) -> Bool { left.matches(hash: right.hash) }
}

extension SetupToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SetupToken(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
