import Crypto
import FoundationEssentials
import Site
import SwiftASN1
import X509

/// The certificates of one issuer that are no longer to be trusted: a CRL (RFC 5280, 5), which swift-certificates has not.
struct RevocationList: DERImplicitlyTaggable, PEMRepresentable, Hashable {
    static let defaultPEMDiscriminator = "X509 CRL"
    static var defaultIdentifier: ASN1Identifier { .sequence }

    /// One revoked certificate.
    struct Entry: Hashable {
        let serial: CertificateSerial
        /// Wall milliseconds.
        let time: Int64
        let reason: RevocationReason
    }

    /// The signed part, as it was signed.
    private let content: [UInt8]
    private let signature: [UInt8]

    /// - Parameters:
    ///   - number: Rises from list to list.
    ///   - until: When a list is overdue, in wall milliseconds; a broker refuses everybody from then on, and it may stand
    ///     where nobody brings a new one, so this is the end of the issuer itself.
    init(_ entries: [Entry], issuer: Certificate, key: SigningKey, number: Int64, now: Int64, until: Int64) throws {
        var coder = DER.Serializer()
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            // Version 2.
            try coder.serialize(1)
            try Self.serializeAlgorithm(into: &coder)
            try coder.serialize(issuer.subject)
            try Self.serialize(time: now, into: &coder)
            try Self.serialize(time: until, into: &coder)
            if !entries.isEmpty {
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    for entry in entries { try entry.serialize(into: &coder) }
                }
            }
            let tag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            try coder.appendConstructedNode(identifier: tag) { coder in
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(Self.authorityKey(of: issuer))
                    var value = DER.Serializer()
                    try value.serialize(number)
                    try coder.serialize(
                        Certificate.Extension(oid: .crlNumber, critical: false, value: value.serializedBytes[...]))
                }
            }
        }
        content = coder.serializedBytes
        signature = Array(try key.key.signature(for: content).derRepresentation)
    }

    init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
        (content, signature) = try DER.sequence(node, identifier: identifier) { nodes in
            guard let content = nodes.next(), nodes.next() != nil else {
                throw ASN1Error.invalidASN1Object(reason: "no revocation list")
            }
            return (Array(content.encodedBytes), Array(try ASN1BitString(derEncoded: &nodes).bytes))
        }
    }

    func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws {
        try coder.appendConstructedNode(identifier: identifier) { coder in
            coder.serializeRawBytes(content)
            try Self.serializeAlgorithm(into: &coder)
            try coder.serialize(ASN1BitString(bytes: signature[...]))
        }
    }

    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }

    private static func serializeAlgorithm(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(ASN1ObjectIdentifier.signatureECDSAWithSHA256)
        }
    }

    /// The issuer's key by its identifier, as the issuer's own certificate says it.
    private static func authorityKey(of issuer: Certificate) throws -> Certificate.Extension {
        let identifier = try issuer.extensions.subjectKeyIdentifier ?? SubjectKeyIdentifier(hash: issuer.publicKey)
        return try Certificate.Extension(
            AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier), critical: false)
    }

    /// UTCTime through 2049, GeneralizedTime from then on (RFC 5280, 5.1.2.4).
    fileprivate static func serialize(time: Int64, into coder: inout DER.Serializer) throws {
        let parts = ISO8601.string(milliseconds: time).prefix(19).split { !$0.isNumber }.compactMap { Int($0) }
        guard parts.count == 6 else { throw ASN1Error.invalidASN1Object(reason: "no time") }
        if parts[0] < 2050 {
            try coder.serialize(
                try UTCTime(
                    year: parts[0], month: parts[1], day: parts[2], hours: parts[3], minutes: parts[4],
                    seconds: parts[5]))
        } else {
            try coder.serialize(
                try GeneralizedTime(
                    year: parts[0], month: parts[1], day: parts[2], hours: parts[3], minutes: parts[4],
                    seconds: parts[5], fractionalSeconds: 0))
        }
    }
}

extension RevocationList.Entry {
    fileprivate func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            // A first bit of 1 would make it negative.
            let sign: [UInt8] = serial.bytes.first.map { $0 & 0x80 != 0 ? [0] : [] } ?? []
            coder.appendPrimitiveNode(identifier: .integer) { $0.append(contentsOf: sign + serial.bytes) }
            try RevocationList.serialize(time: time, into: &coder)
            // "Unspecified" is to be left out (RFC 5280, 5.3.1).
            guard reason != .unspecified else { return }
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.serialize(
                    Certificate.Extension(
                        oid: .crlReason, critical: false,
                        value: [ASN1Identifier.enumerated.shortTag, 1, reason.number]))
            }
        }
    }
}

/// Why a certificate was revoked: the reasons of RFC 5280, 5.3.1, that a fleet has.
public enum RevocationReason: String, Sendable, CaseIterable {
    case unspecified
    /// Somebody else has, or may have, the key: a stolen unit or card.
    case keyCompromise
    /// Another certificate took its place.
    case superseded
    /// The unit is out of service.
    case cessationOfOperation

    var number: UInt8 {
        switch self {
        case .unspecified: 0
        case .keyCompromise: 1
        case .superseded: 4
        case .cessationOfOperation: 5
        }
    }
}

extension ASN1ObjectIdentifier {
    static let signatureECDSAWithSHA256: Self = [1, 2, 840, 10_045, 4, 3, 2]
    static let crlNumber: Self = [2, 5, 29, 20]
    static let crlReason: Self = [2, 5, 29, 21]
}

extension ASN1Identifier {
    /// Universal numbers below 31 are their own tag.
    fileprivate var shortTag: UInt8 { UInt8(truncatingIfNeeded: tagNumber) }
}
