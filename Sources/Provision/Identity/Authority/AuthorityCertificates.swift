import FoundationEssentials
import Site
import X509

/// The certificates that an authority makes: its root, its issuing authorities, and what those sign.
enum AuthorityCertificates {
    private static let day: Int64 = 86_400_000
    static let rootDays: Int64 = 30 * 365 + 8
    /// Full years that an issuing authority lasts after its own, longer than any certificate that it signs.
    static let issuingYears = 11

    static func root(_ name: AuthorityName, key: SigningKey, now: Int64) throws -> Certificate {
        let subject = try distinguished(name.text, "Root CA")
        return try make(
            subject, issuer: subject, key: key.certificateKey.publicKey, signer: key, from: now - day,
            to: now + rootDays * day,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 1))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.certificateKey.publicKey)
            })
    }

    /// The authority that signs in one year.
    ///
    /// No constraint of names: units are named by URNs, which have no host that a constraint could hold (RFC 5280, 4.2.1.10).
    static func issuing(
        _ year: String, key: SigningKey, root: Certificate, rootKey: SigningKey, now: Int64
    ) throws -> Certificate {
        let end = issuingEnd(year) ?? now
        return try make(
            distinguished(root.subject.organization ?? "picli", "Issuing CA \(year)"), issuer: root.subject,
            key: key.certificateKey.publicKey, signer: rootKey, from: max(now - day, root.notValidBefore.milliseconds),
            to: end,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                try ExtendedKeyUsage([.clientAuth, .serverAuth])
                SubjectKeyIdentifier(hash: key.certificateKey.publicKey)
                try authorityKey(of: root)
            })
    }

    /// 1 January, twelve years after.
    static func issuingEnd(_ year: String) -> Int64? {
        Int(year).flatMap { ISO8601.milliseconds("\($0 + issuingYears + 1)-01-01T00:00:00Z") }
    }

    static func leaf(
        _ request: SigningRequest, _ profile: CertificateProfile, names: [GeneralName], issuer: Certificate,
        key: SigningKey, now: Int64
    ) throws -> Certificate {
        let from = max(now - CertificateProfile.daysBefore * day, issuer.notValidBefore.milliseconds)
        return try make(
            DistinguishedName { CommonName(request.subject) }, issuer: issuer.subject, key: request.key, signer: key,
            from: from, to: min(now + profile.days * day, issuer.notValidAfter.milliseconds),
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([profile.usage])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: request.key)
                try authorityKey(of: issuer)
            })
    }

    private static func distinguished(_ organization: String, _ common: String) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName(organization)
            CommonName(common)
        }
    }

    private static func authorityKey(of issuer: Certificate) throws -> AuthorityKeyIdentifier {
        AuthorityKeyIdentifier(keyIdentifier: try issuer.extensions.subjectKeyIdentifier?.keyIdentifier)
    }

    private static func make(
        _ subject: DistinguishedName, issuer: DistinguishedName, key: Certificate.PublicKey, signer: SigningKey,
        from: Int64, to: Int64, extensions: Certificate.Extensions
    ) throws -> Certificate {
        var random = SystemRandomNumberGenerator()
        return try Certificate(
            version: .v3, serialNumber: CertificateSerial(random: &random).number, publicKey: key,
            // Whole seconds: a certificate knows no others.
            notValidBefore: Date(milliseconds: from / 1000 * 1000), notValidAfter: Date(milliseconds: to / 1000 * 1000),
            issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: signer.certificateKey)
    }
}
