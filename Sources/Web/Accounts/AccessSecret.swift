import Crypto
import FoundationEssentials

/// 256 random bits that open something: a session's cookie, an API token.
///
/// The unit keeps their hash. Nobody guesses one of 2^256 numbers, so that a fast hash gives nothing away.
struct AccessSecret: Hashable, Sendable {
    private let bytes: [UInt8]

    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Reads the text form; nil for anything else.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 43 else { return nil }
        let base64 = String(text).replacing("-", with: "+").replacing("_", with: "/") + "="
        guard let data = Data(base64Encoded: base64), data.count == 32 else { return nil }
        bytes = [UInt8](data)
    }

    /// Base 64 for URLs (RFC 4648, 5), without padding: 43 characters.
    var text: String { Self.text(bytes) }

    /// SHA-256, as it is kept.
    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// What a form of this session carries, and no other site can know (OWASP, CSRF: HMAC-based token).
    var formToken: String {
        Self.text(HMAC<SHA256>.authenticationCode(for: Array("form".utf8), using: SymmetricKey(data: bytes)))
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension AccessSecret: CustomStringConvertible, CustomReflectable {
    var description: String { "AccessSecret(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
