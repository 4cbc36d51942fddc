import Crypto
public import Site
import SwiftASN1
import X509

/// What a public key is pinned by: SHA-256 of its SubjectPublicKeyInfo, written `sha256:` and 64 digits.
///
/// A new certificate for the same key keeps it.
public struct KeyFingerprint: Hashable, Sendable, TextCodable {
    public let description: String

    /// nil when `text` is not a fingerprint.
    public init?(_ text: String) {
        guard text.hasPrefix("sha256:"), let bytes = String(text.dropFirst(7)).hexadecimalBytes, bytes.count == 32
        else { return nil }
        description = "sha256:" + bytes.hexadecimal
    }

    init(_ key: P256.Signing.PublicKey) { self.init(hashing: key.derRepresentation) }

    init(_ key: Certificate.PublicKey) throws {
        var serializer = DER.Serializer()
        try serializer.serialize(key)
        self.init(hashing: serializer.serializedBytes)
    }

    private init(hashing bytes: some Sequence<UInt8>) {
        description = "sha256:" + SHA256.hash(data: Array(bytes)).hexadecimal
    }
}
