import Crypto
public import Site

/// The second factor: codes of six digits that change every 30 s (TOTP, RFC 6238, with HMAC-SHA-1, as all authenticator
/// apps take it).
public struct TimedCode: Hashable, Sendable {
    let secret: [UInt8]

    private static let step: Int64 = 30
    /// Steps that a phone's clock may be off, either way.
    private static let tolerance: Int64 = 1

    /// A new secret of 160 bits (RFC 4226, 4).
    public init() {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    init(secret: [UInt8]) { self.secret = secret }

    /// Base 32, as it is typed into an app.
    public var text: String { Base32.standard.text(of: secret) }

    /// As an app takes it from a picture (Google Authenticator, Key Uri Format).
    ///
    /// - Parameter unit: What the unit is called.
    public func uri(of name: UserName, at unit: String) -> String {
        let issuer = FormText.encoded(unit).replacing(":", with: "%3A")
        return "otpauth://totp/\(issuer):\(name)?secret=\(text)&issuer=\(issuer)"
    }

    /// The step whose code this is, when it is later than `last`; nil for a wrong code and for one that was used.
    ///
    /// - Parameters:
    ///   - seconds: since 1970.
    ///   - last: the step of the code that was used last: no code counts twice.
    public func step(of code: String, at seconds: Int64, after last: Int64?) -> Int64? {
        let now = seconds / Self.step
        return (now - Self.tolerance...now + Self.tolerance).first { step in
            step > last ?? .min && self.code(step) == code
        }
    }

    /// The code of a step (RFC 4226, 5.3).
    func code(_ step: Int64) -> String {
        let message = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}

extension TimedCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "TimedCode(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
