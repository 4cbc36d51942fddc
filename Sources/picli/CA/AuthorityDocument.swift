import Platform
import Provision
import Site

/// The answer of `picli ca init`.
struct AuthorityDocument: Answer {
    var schema = 1
    let directory: String
    let name: String
    let root: CertificateDocument
    /// The newest.
    let issuer: CertificateDocument
    /// What units and brokers get.
    let rootFile: String
    let denyListFile: String

    init(_ authority: CertificateAuthority) throws {
        directory = authority.directory
        name = authority.name
        root = CertificateDocument(authority.root.leaf)
        guard let newest = try authority.issuers().last else {
            throw Failure("ca.unreadable", "The authority in \(authority.directory) has no issuing authority.")
        }
        issuer = CertificateDocument(newest.certificate)
        rootFile = "\(authority.directory)/root.crt"
        denyListFile = "\(authority.directory)/revoked.crl"
    }

    func text(for terminal: Terminal) -> String {
        """
        \(name): an authority in \(directory)
        root       \(root.subject), until \(root.notAfter.prefix(10))
                   \(root.fingerprint)
        issuing    \(issuer.subject), until \(issuer.notAfter.prefix(10))
        give to    units and brokers: \(rootFile)
                   brokers: \(denyListFile)

        """
    }
}

/// One certificate, as documents show it.
struct CertificateDocument: Encodable {
    let serial: String
    let subject: String
    let issuer: String
    let notBefore: String
    let notAfter: String
    let fingerprint: String
    let key: String
    let names: [String]

    init(_ certificate: CertificateSummary) {
        serial = certificate.serial.description
        subject = certificate.subject
        issuer = certificate.issuer
        notBefore = ISO8601.string(milliseconds: certificate.notBefore)
        notAfter = ISO8601.string(milliseconds: certificate.notAfter)
        fingerprint = certificate.fingerprint
        key = certificate.key.description
        names = certificate.uris + certificate.hosts
    }
}
