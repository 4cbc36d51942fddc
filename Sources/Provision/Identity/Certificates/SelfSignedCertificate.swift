import Crypto
import FoundationEssentials
public import Platform
import SwiftASN1
import X509

/// The certificate that a unit shows over TLS while no authority has given it one: who trusts it compares its fingerprint.
public enum SelfSignedCertificate {
    /// Makes the pair, unless both files are there, and the certificate is valid, has the names and lasts for another month.
    ///
    /// Both are readable for their owner alone.
    ///
    /// - Parameters:
    ///   - names: Host names of the unit; the first is its common name.
    ///   - now: Wall milliseconds; a day before it begins, and it lasts for 823 days, of which clients accept 825.
    /// - Throws: `certificate.unwritable`.
    public static func ensure(certificate: String, key: String, names: [String], now: Int64) throws(Failure) {
        let day: Int64 = 86_400_000
        let isKept = (try? SmallFile.bytes(at: key)) != nil
        if isKept, let pem = try? SmallFile.bytes(at: certificate),
            let chain = try? CertificateChain(pem: pem, name: certificate), chain.leaf.notAfter > now + 30 * day,
            chain.leaf.notBefore <= now, chain.leaf.hosts == names
        {
            return
        }
        do {
            let pair = SigningKey()
            let made = try make(pair, names: names, from: now - day, to: now + 823 * day)
            try AtomicFile.replace(key, with: pair.pem, mode: 0o600)
            try AtomicFile.replace(certificate, with: try CertificateChain([made]).pem(), mode: 0o600)
        } catch {
            throw Failure("certificate.unwritable", "\(certificate) cannot be made: \(error).")
        }
    }

    private static func make(
        _ key: SigningKey, names: [String], from begin: Int64, to end: Int64
    ) throws -> Certificate {
        let name = try DistinguishedName { CommonName(names.first ?? "picli") }
        var random = SystemRandomNumberGenerator()
        return try Certificate(
            version: .v3, serialNumber: CertificateSerial(random: &random).number,
            publicKey: key.certificateKey.publicKey, notValidBefore: Date(milliseconds: begin),
            notValidAfter: Date(milliseconds: end), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map { .dnsName($0) })
            }, issuerPrivateKey: key.certificateKey)
    }
}
