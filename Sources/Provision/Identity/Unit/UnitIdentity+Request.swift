import Platform
import Site
import SwiftASN1
import X509

extension UnitIdentity {
    /// Makes the unit's key, where it is to be used, unless there is one.
    ///
    /// - Returns: Its fingerprint.
    /// - Throws: `identity.unwritable`, `identity.busy`, and as `key`.
    @discardableResult
    public func makeKey(_ role: Role) throws -> KeyFingerprint {
        if has(role.keyFile) { return try key(role).fingerprint }
        try makeDirectory()
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        return try key(in: role.keyFile).fingerprint
    }

    /// A request for a certificate, in PEM: CN is the unit ID, the names are those of the record, or the hosts of its page.
    ///
    /// - Parameters:
    ///   - isKeyNew: Make a new key beside the present one, which stays in use until a certificate for the new one is
    ///     installed; asked again, the same waiting key is used.
    ///   - hosts: DNS names and addresses of the page, for the role `web`.
    /// - Throws: `identity.names`, `identity.busy`, and as `record` and `key`.
    public func request(_ role: Role, isKeyNew: Bool = false, hosts: [String] = []) throws -> [UInt8] {
        let record = try record()
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let names: [GeneralName]
        switch role {
        case .device:
            let uris = [IdentityURI.unit(record.unit)] + record.databaseIDs.map { IdentityURI.database($0) }
            names = uris.map { .uniformResourceIdentifier($0) }
        case .web:
            guard !hosts.isEmpty else {
                throw Failure(
                    "identity.names", "The page of \(record.unit) needs a name that browsers call it by.",
                    hint: "--name NAME, or --name ADDRESS", status: .usage)
            }
            names = hosts.map { host in
                IPAddress(host).map { .ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) }
                    ?? .dnsName(host.lowercased())
            }
        }
        // Asked again for a new one: the certificate for the waiting key of the first request may be on its way.
        let key = try key(in: isKeyNew ? role.keyFile + ".new" : role.keyFile)
        return try SigningRequest.make(subject: record.unit.description, names: names, key: key)
    }

    /// The key in a file; a new one where there is none.
    ///
    /// Whoever asks holds the lock.
    private func key(in name: String) throws -> SigningKey {
        if has(name) { return try SigningKey(pem: read(name), name: path(name)) }
        let key = SigningKey()
        try write(name, key.pem, mode: 0o600)
        return key
    }
}
