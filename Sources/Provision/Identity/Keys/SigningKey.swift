import Crypto
public import Platform
import SwiftASN1
import X509

/// A private key: P-256, the one curve that every broker, board and security chip knows.
///
/// It has no description of its own, so that none gets into a log.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: P256.Signing.PrivateKey

    /// A new one, from the kernel's random numbers.
    public init() { key = P256.Signing.PrivateKey() }

    init(_ key: P256.Signing.PrivateKey) { self.key = key }

    /// Reads PEM: PKCS#8, or SEC 1 as `openssl ecparam` writes it.
    ///
    /// - Parameter name: What the key is called in messages.
    /// - Throws: `key.unreadable`.
    public init(pem: [UInt8], name: String) throws(Failure) {
        let kinds = ["PRIVATE KEY", "EC PRIVATE KEY"]
        guard let text = String(validating: pem, as: UTF8.self),
            let document = (try? PEMDocument.parseMultiple(pemString: text))?
                .first(where: { kinds.contains($0.discriminator) }),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: document.pemString)
        else {
            throw Failure(
                "key.unreadable", "\(name) is no private key of the curve P-256 in PEM.",
                hint: "openssl pkey -in FILE -noout -text, to see what it is")
        }
        self.init(key)
    }

    /// PKCS#8 in PEM, not encrypted.
    public var pem: [UInt8] { Array((key.pemRepresentation + "\n").utf8) }

    public var fingerprint: KeyFingerprint { KeyFingerprint(key.publicKey) }

    public var description: String { "private key of \(fingerprint)" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    var certificateKey: Certificate.PrivateKey { Certificate.PrivateKey(key) }
}
