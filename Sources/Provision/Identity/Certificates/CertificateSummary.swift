import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// What a person or a program wants to know of one certificate.
public struct CertificateSummary: Hashable, Sendable {
    public let serial: CertificateSerial
    /// The common name; the organisation where there is none, empty where there is neither.
    public let subject: String
    public let issuer: String
    /// Wall milliseconds.
    public let notBefore: Int64
    public let notAfter: Int64
    /// SHA-256 of the whole certificate.
    public let fingerprint: String
    public let key: KeyFingerprint
    public let uris: [String]
    /// DNS names and addresses, of a web server.
    public let hosts: [String]

    init(_ certificate: Certificate) throws {
        serial = CertificateSerial(certificate.serialNumber)
        subject = certificate.subject.shownName
        issuer = certificate.issuer.shownName
        notBefore = certificate.notValidBefore.milliseconds
        notAfter = certificate.notValidAfter.milliseconds
        fingerprint = "sha256:" + SHA256.hash(data: try certificate.der()).hexadecimal
        key = try KeyFingerprint(certificate.publicKey)
        let names = try certificate.extensions.subjectAlternativeNames.map { Array($0) } ?? []
        uris = names.compactMap {
            if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil }
        }
        hosts = names.compactMap { $0.host }
    }
}

extension Certificate {
    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }

    /// The common name, when that is all there is in the subject.
    var onlyCommonName: String? { subject.onlyCommonName }
}

extension DistinguishedName {
    var onlyCommonName: String? {
        guard count == 1, let part = first, part.count == 1, let attribute = part.first,
            attribute.type == .RDNAttributeType.commonName
        else { return nil }
        return String(attribute.value)
    }

    fileprivate var shownName: String { (value(.RDNAttributeType.commonName) ?? organization ?? "").printable }

    var organization: String? { value(.RDNAttributeType.organizationName) }

    private func value(_ type: ASN1ObjectIdentifier) -> String? {
        for part in self {
            for attribute in part where attribute.type == type { return String(attribute.value) }
        }
        return nil
    }
}

extension GeneralName {
    /// A DNS name or an address as text.
    var host: String? {
        switch self {
        case .dnsName(let name): name.printable
        case .ipAddress(let bytes): Self.address(Array(bytes.bytes))
        default: nil
        }
    }

    /// For people, of whatever kind it is.
    var shown: String {
        switch self {
        case .uniformResourceIdentifier(let text), .rfc822Name(let text): text.printable
        default: host ?? "\(self)".printable
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: bytes.map(String.init).joined(separator: ".")
        case 16:
            stride(from: 0, to: 16, by: 2)
                .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
        default: nil
        }
    }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
