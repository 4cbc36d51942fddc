import Crypto
import Platform
import SwiftASN1

/// A private key that a passphrase closes: `EncryptedPrivateKeyInfo` of PKCS#8 (RFC 5958, 3), which openssl(1) opens too.
struct EncryptedKey: DERImplicitlyTaggable, PEMRepresentable, Hashable {
    static let defaultPEMDiscriminator = "ENCRYPTED PRIVATE KEY"
    static var defaultIdentifier: ASN1Identifier { .sequence }

    private let encryption: PBES2
    private let content: [UInt8]

    init(closing key: SigningKey, with passphrase: Passphrase, work: PBES2.Work) throws {
        var random = SystemRandomNumberGenerator()
        encryption = PBES2(work, random: &random)
        content = try encryption.encrypt(PEMDocument(pemString: key.key.pemRepresentation).derBytes, passphrase)
    }

    init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
        (encryption, content) = try DER.sequence(node, identifier: identifier) { nodes in
            (try PBES2(derEncoded: &nodes), Array(try ASN1OctetString(derEncoded: &nodes).bytes))
        }
    }

    func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws {
        try coder.appendConstructedNode(identifier: identifier) { coder in
            try coder.serialize(encryption)
            try coder.serialize(ASN1OctetString(contentBytes: content[...]))
        }
    }

    /// - Parameter name: What the key is called in messages.
    /// - Throws: `key.unreadable`.
    init(pem: [UInt8], name: String) throws(Failure) {
        guard let text = String(validating: pem, as: UTF8.self), let key = try? EncryptedKey(pemEncoded: text) else {
            throw Failure(
                "key.unreadable", "\(name) is no encrypted key that picli reads: PKCS#8, scrypt or PBKDF2, AES-CBC.",
                hint: "put the file back from your copy of the authority")
        }
        self = key
    }

    /// - Throws: `passphrase.wrong`.
    func open(with passphrase: Passphrase, name: String) throws(Failure) -> SigningKey {
        guard let plain = encryption.decrypt(content, passphrase),
            let key = try? P256.Signing.PrivateKey(derRepresentation: plain)
        else {
            throw Failure(
                "passphrase.wrong", "The passphrase does not open \(name).",
                hint: "name the file with the passphrase of this authority (--passphrase-file)")
        }
        return SigningKey(key)
    }

    func pem() throws -> [UInt8] { Array((try serializeAsPEM().pemString + "\n").utf8) }
}
