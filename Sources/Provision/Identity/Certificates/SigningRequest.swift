import Crypto
import Platform
import Site
import SwiftASN1
import X509

/// A certificate signing request (PKCS#10, RFC 2986) whose signature was checked; what it asks for is not yet granted.
struct SigningRequest {
    static let mostBytes = 65_536

    /// The common name, which is all there may be in the subject.
    let subject: String
    let key: Certificate.PublicKey
    let fingerprint: KeyFingerprint
    let names: [GeneralName]
    /// All that is asked for but names.
    let extensions: [Certificate.Extension]

    /// - Parameter name: What the request is called in messages.
    /// - Throws: `request.unreadable`, `request.key`, `request.signature`, `request.subject`, `request.attribute`,
    ///   `request.extension`.
    init(_ bytes: [UInt8], name: String) throws(Failure) {
        guard let request = Self.parse(bytes) else {
            throw Failure(
                "request.unreadable", "\(name) is no certificate signing request in PEM or DER.",
                hint: "openssl req -in FILE -noout -text, to see what it is", status: .usage)
        }
        guard let key = P256.Signing.PublicKey(request.publicKey) else {
            throw Failure(
                "request.key", "\(name) has a key of another kind than P-256.",
                hint: "picli identity renew --csr-out FILE --new-key on the unit")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw Failure(
                "request.signature", "\(name) is not signed by its own key: it is damaged, or forged.",
                hint: "copy it from the unit once more")
        }
        guard let subject = request.subject.onlyCommonName else {
            throw Failure(
                "request.subject", "\(name) asks for a subject that is more, or other, than one common name.",
                hint: "ask for CN=UNIT alone")
        }
        self.subject = subject
        self.key = request.publicKey
        fingerprint = KeyFingerprint(key)
        let asked = try Self.extensions(of: request, name)
        extensions = asked.filter { $0.oid != .X509ExtensionID.subjectAlternativeName }
        do {
            names = try asked.subjectAlternativeNames.map { Array($0) } ?? []
        } catch {
            throw Failure("request.extension", "\(name) asks for names in a form that cannot be read.")
        }
    }

    private static func parse(_ bytes: [UInt8]) -> CertificateSigningRequest? {
        guard bytes.count <= mostBytes else { return nil }
        if let request = try? CertificateSigningRequest(derEncoded: bytes) { return request }
        let kinds = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
        guard let text = String(validating: bytes, as: UTF8.self),
            let documents = try? PEMDocument.parseMultiple(pemString: text).filter({ kinds.contains($0.discriminator) }
            ),
            documents.count == 1, let document = documents.first
        else { return nil }
        return try? CertificateSigningRequest(derEncoded: document.derBytes)
    }

    private static func extensions(
        of request: CertificateSigningRequest, _ name: String
    ) throws(Failure) -> Certificate.Extensions {
        if let foreign = request.attributes.first(where: { $0.oid != .CSRAttributes.extensionRequest }) {
            throw Failure(
                "request.attribute", "\(name) carries an attribute that is not granted (\(foreign.oid)).",
                hint: "ask for CN=UNIT and its names alone")
        }
        do {
            return try request.attributes.extensionRequest?.extensions ?? Certificate.Extensions()
        } catch {
            throw Failure("request.extension", "\(name) asks for extensions in a form that cannot be read.")
        }
    }

    /// A request of one's own.
    ///
    /// - Returns: PEM.
    static func make(subject: String, names: [GeneralName], key: SigningKey) throws -> [UInt8] {
        let extensions = try Certificate.Extensions { SubjectAlternativeNames(names) }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(subject) }, privateKey: key.certificateKey,
            attributes: CertificateSigningRequest.Attributes([.init(ExtensionRequest(extensions: extensions))]))
        return Array((try request.serializeAsPEM().pemString + "\n").utf8)
    }
}
