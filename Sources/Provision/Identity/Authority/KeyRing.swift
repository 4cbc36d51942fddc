import Platform
import Synchronization

/// The keys of an authority, each opened once: that takes a third of a second on purpose.
final class KeyRing: Sendable {
    private let files: AuthorityFiles
    private let passphrase: Passphrase?
    /// For new keys.
    private let work: PBES2.Work
    private let opened = Mutex<[String: SigningKey]>([:])

    init(_ files: AuthorityFiles, passphrase: Passphrase?, work: PBES2.Work = .full) {
        self.files = files
        self.passphrase = passphrase
        self.work = work
    }

    /// - Throws: `passphrase.missing`, `passphrase.wrong`, `key.unreadable`, `ca.unreadable`.
    func key(_ name: String) throws(Failure) -> SigningKey {
        if let key = opened.withLock({ $0[name] }) { return key }
        let path = files.key(name)
        let key = try EncryptedKey(pem: try files.read(path), name: path).open(with: try required(), name: path)
        opened.withLock { $0[name] = key }
        return key
    }

    /// Writes a new key, closed with the passphrase.
    func add(_ key: SigningKey, _ name: String) throws {
        try files.write(
            files.key(name), EncryptedKey(closing: key, with: try required(), work: work).pem(), mode: 0o600)
        opened.withLock { $0[name] = key }
    }

    private func required() throws(Failure) -> Passphrase {
        guard let passphrase else {
            throw Failure(
                "passphrase.missing", "The keys of the authority are closed.", hint: "--passphrase-file FILE",
                status: .usage)
        }
        return passphrase
    }
}
