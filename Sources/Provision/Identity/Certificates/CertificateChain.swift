import FoundationEssentials
public import Platform
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// Certificates in PEM: that of the holder first, then those that lead to a root.
public struct CertificateChain: Hashable, Sendable {
    static let mostCertificates = 10
    static let mostBytes = 262_144

    let certificates: [Certificate]
    public let summaries: [CertificateSummary]

    /// That of the holder.
    public var leaf: CertificateSummary { summaries[0] }

    init(_ certificates: [Certificate]) throws {
        precondition(!certificates.isEmpty)
        self.certificates = certificates
        summaries = try certificates.map { try CertificateSummary($0) }
    }

    /// Reads PEM; text around the certificates is passed over.
    ///
    /// - Parameters:
    ///   - name: What it is called in messages.
    ///   - status: How a command exits that cannot read it: `usage` where a person named the file.
    /// - Throws: `certificate.unreadable`.
    public init(pem: [UInt8], name: String, status: ExitStatus = .failed) throws(Failure) {
        do {
            guard pem.count <= Self.mostBytes, let text = String(validating: pem, as: UTF8.self) else {
                throw ASN1Error.invalidPEMDocument(reason: "no text")
            }
            let documents = try PEMDocument.parseMultiple(pemString: text)
                .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
            guard (1...Self.mostCertificates).contains(documents.count) else {
                throw ASN1Error.invalidPEMDocument(reason: "no certificates")
            }
            try self.init(try documents.map { try Certificate(pemDocument: $0) })
        } catch {
            throw Failure(
                "certificate.unreadable", "\(name) holds no certificates in PEM that can be read.",
                hint: "openssl x509 -in FILE -noout -text, to see what it is", status: status)
        }
    }

    public func pem() throws -> [UInt8] {
        Array(try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined().utf8)
    }

    /// Whether the chain leads to one of the roots at a moment; the reason when it does not.
    func fault(upTo roots: [Certificate], at time: Int64) async -> String? {
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy(fixedExpiryValidationTime: Date(milliseconds: time))
        }
        let result = await verifier.validate(
            leaf: certificates[0], intermediates: CertificateStore(certificates.dropFirst()))
        switch result {
        case .validCertificate: return nil
        case .couldNotValidate(let failures):
            return failures.last.map { "\($0.policyFailureReason)".printable } ?? "it does not lead to a root"
        }
    }
}
