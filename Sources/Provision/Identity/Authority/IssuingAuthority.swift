import Platform
import Site
import X509

/// The authority that signs in one year: so a lost key, or a mistake, is that of one year.
struct IssuingAuthority {
    let year: String
    let certificate: Certificate
    let key: SigningKey
    /// The row of its making.
    let entry: RegisterEntry

    static func year(_ now: Int64) -> String { String(ISO8601.string(milliseconds: now).prefix(4)) }

    /// The name by which its files are called.
    static func name(_ year: String) -> String { AuthorityFiles.issuing(year) }

    /// Opens the one of a year; nil when there is none.
    ///
    /// - Throws: `Failure` `passphrase.…`, `ca.keyMismatch`.
    static func open(year: String, files: AuthorityFiles, keys: KeyRing) throws -> (Certificate, SigningKey)? {
        let path = files.certificate(name(year))
        guard FileKind(of: path) == .regular else { return nil }
        let certificate = try CertificateChain(pem: files.read(path), name: path).certificates[0]
        let key = try keys.key(name(year))
        guard certificate.publicKey == key.certificateKey.publicKey else {
            throw Failure(
                "ca.keyMismatch", "\(files.key(name(year))) is not the key of \(path).",
                hint: "put both back from your copy of the authority")
        }
        return (certificate, key)
    }

    /// Makes the one of a year; its certificate is written last, and makes it one.
    ///
    /// - Throws: `Failure` `ca.ends` when it would outlive the root.
    static func make(
        year: String, files: AuthorityFiles, keys: KeyRing, root: Certificate, now: Int64, by operation: Operation
    ) throws -> IssuingAuthority {
        guard let end = AuthorityCertificates.issuingEnd(year), end <= root.notValidAfter.milliseconds else {
            let last = ISO8601.string(milliseconds: root.notValidAfter.milliseconds).prefix(10)
            throw Failure(
                "ca.ends", "The root is valid until \(last), which is too short for certificates of \(year).",
                hint: "picli ca init for a new authority, and give its root to brokers and units in time")
        }
        let key = SigningKey()
        let certificate = try AuthorityCertificates.issuing(
            year, key: key, root: root, rootKey: keys.key("root"), now: now)
        try keys.add(key, name(year))
        try files.write(files.certificate(name(year)), CertificateChain([certificate]).pem(), mode: 0o644)
        var entry = RegisterEntry(time: now, event: .issuing, by: operation)
        entry.subject = "Issuing CA \(year)"
        entry.key = key.fingerprint.description
        entry.serial = CertificateSerial(certificate.serialNumber).description
        entry.issuer = year
        entry.notAfter = certificate.notValidAfter.milliseconds
        return IssuingAuthority(year: year, certificate: certificate, key: key, entry: entry)
    }
}
