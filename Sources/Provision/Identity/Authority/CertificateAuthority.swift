import Platform
import Site
import SwiftASN1
import X509

/// The certificate authority of a shop: a root, one issuing authority a year, and the register of all that they did.
public struct CertificateAuthority: Sendable {
    let files: AuthorityFiles
    let rootCertificate: Certificate
    let keys: KeyRing
    let register: UnitRegister
    /// The root, as a file for those who trust it (`ca.crt` of a unit, `cafile` of a broker).
    public let root: CertificateChain

    public var directory: String { files.directory }

    /// Opens an authority; without a passphrase to look only.
    ///
    /// - Throws: `Failure` `ca.missing`, `ca.unreadable`, `ca.register…`.
    public static func open(directory: String, passphrase: Passphrase? = nil) throws -> CertificateAuthority {
        let files = AuthorityFiles(directory: directory)
        guard FileKind(of: files.certificate("root")) == .regular else {
            throw Failure(
                "ca.missing", "There is no certificate authority in \(directory).",
                hint: "picli ca init \(directory) --name NAME --passphrase-file FILE, or --ca DIR of another one",
                status: .usage)
        }
        return try CertificateAuthority(files, KeyRing(files, passphrase: passphrase), UnitRegister(files.register))
    }

    private init(_ files: AuthorityFiles, _ keys: KeyRing, _ register: UnitRegister) throws {
        let path = files.certificate("root")
        self.files = files
        self.keys = keys
        self.register = register
        root = try CertificateChain(pem: files.read(path), name: path)
        rootCertificate = root.certificates[0]
    }

    /// Makes an authority, and its issuing authority of this year.
    ///
    /// The root's certificate is written last: an interrupted start is none, and is begun anew.
    ///
    /// - Throws: `Failure` `ca.name`, `passphrase.short`, `ca.exists`, `ca.notEmpty`, `ca.unwritable`.
    public static func create(
        directory: String, name: String, passphrase: Passphrase, by operation: Operation = Operation(), now: Int64
    ) throws -> CertificateAuthority {
        try create(directory: directory, name: name, passphrase: passphrase, by: operation, now: now, work: .full)
    }

    static func create(
        directory: String, name: String, passphrase: Passphrase, by operation: Operation, now: Int64, work: PBES2.Work
    ) throws -> CertificateAuthority {
        let name = try AuthorityName(name)
        try passphrase.requireStrength()
        let files = AuthorityFiles(directory: directory)
        try requireUnused(files)
        try files.makeDirectory()
        let rootKey = SigningKey()
        let keys = KeyRing(files, passphrase: passphrase, work: work)
        let root = try AuthorityCertificates.root(name, key: rootKey, now: now)
        try keys.add(rootKey, "root")
        let register = try UnitRegister(files.register, isNew: true)
        try register.transaction { _ in
            let issuer = try IssuingAuthority.make(
                year: IssuingAuthority.year(now), files: files, keys: keys, root: root, now: now, by: operation)
            let list = try RevocationList(
                [], issuer: root, key: rootKey, number: 1, now: now, until: root.notValidAfter.milliseconds)
            try files.write(files.rootList, Array((list.serializeAsPEM().pemString + "\n").utf8), mode: 0o644)
            var created = RegisterEntry(time: now, event: .created, by: operation)
            created.subject = name.text
            created.key = rootKey.fingerprint.description
            created.serial = CertificateSerial(root.serialNumber).description
            created.notAfter = root.notValidAfter.milliseconds
            return ((), [created, issuer.entry])
        }
        try files.write(files.certificate("root"), try CertificateChain([root]).pem(), mode: 0o644)
        let authority = try CertificateAuthority(files, keys, register)
        try register.transaction { known in
            try authority.writeRevocations(PinBook(known), number: authority.nextNumber(known), now: now)
            return ((), [])
        }
        return authority
    }

    /// A lost root.crt does not make a working authority one whose start was interrupted.
    private static func requireUnused(_ files: AuthorityFiles) throws {
        guard FileKind(of: files.register) == .regular, FileKind(of: files.certificate("root")) != .regular,
            try UnitRegister(files.register).entries().contains(where: { $0.event == .signed })
        else { return }
        throw Failure(
            "ca.exists", "The authority in \(files.directory) has signed certificates, and its root.crt is missing.",
            hint: "put root.crt back into the folder: every unit and broker has a copy", status: .usage)
    }

    /// What it is called.
    public var name: String { rootCertificate.subject.organization ?? "" }

    /// The issuing authorities, the newest last.
    public func issuers() throws -> [(year: String, certificate: CertificateSummary)] {
        try files.years().map { ($0, try CertificateChain(pem: issuerPEM($0), name: "issuing \($0)").leaf) }
    }

    func issuerPEM(_ year: String) throws(Failure) -> [UInt8] {
        try files.read(files.certificate(AuthorityFiles.issuing(year)))
    }

    func nextNumber(_ known: [RegisterEntry]) -> Int64 { (known.last?.number ?? 0) + 1 }

    /// Adds a row that somebody else made: how a provisioning ended.
    public func note(_ entry: RegisterEntry) throws {
        try register.transaction { _ in ((), [entry]) }
    }

    /// Every row, the oldest first.
    public func entries() throws -> [RegisterEntry] { try register.entries() }
}
