import Platform
import Provision

/// The answer of `picli ca sign`.
struct SigningDocument: Answer {
    struct Signed: Encodable {
        let request: String
        let file: String?
        let profile: String
        let certificate: CertificateDocument
        /// PEM: the certificate and that of its issuer.
        let chain: String
        /// Serial numbers that were revoked with it.
        let revoked: [String]

        init(request: String, file: String?, _ signed: SignedCertificate, _ pem: [UInt8]) {
            self.request = request
            self.file = file
            profile = signed.profile.rawValue
            certificate = CertificateDocument(signed.chain.leaf)
            chain = String(decoding: pem, as: UTF8.self)
            revoked = signed.revoked.map(\.description)
        }
    }

    struct Refused: Encodable {
        let request: String
        let code: String
        let message: String
    }

    private enum CodingKeys: CodingKey {
        case schema, signed, refused
    }

    var schema = 1
    let signed: [Signed]
    let refused: [Refused]
    private let failures: [Failure]

    init(signed: [Signed], refused: [Refused], failures: [Failure]) {
        self.signed = signed
        self.refused = refused
        self.failures = failures
    }

    func text(for terminal: Terminal) -> String {
        if signed.count == 1, refused.isEmpty { return signed[0].chain }
        guard signed.count + refused.count > 1 else { return "" }
        var table = Table([
            .init(title: "REQUEST"), .init(title: "SUBJECT"), .init(title: "UNTIL"), .init(title: "CERTIFICATE"),
        ])
        for row in signed {
            let until = String(row.certificate.notAfter.prefix(10))
            table.append([row.request, row.certificate.subject, until, row.file ?? row.certificate.serial])
        }
        for row in refused { table.append([row.request, "refused", "-", row.message]) }
        return table.text(for: terminal)
    }

    /// The one refusal itself, or how many there were.
    func requireAll() throws(Failure) {
        guard let first = failures.first else { return }
        guard signed.isEmpty, failures.count == 1 else {
            throw Failure(
                "ca.someRefused", "\(failures.count) of \(failures.count + signed.count) requests were refused.",
                hint: first.hint,
                status: signed.isEmpty && failures.allSatisfy { $0.status == .usage } ? .usage : .failed)
        }
        throw first
    }
}
