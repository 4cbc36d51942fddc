import Platform
import Site
import X509

extension UnitIdentity {
    /// A broker that a certificate is to be proven against.
    public struct Broker: Hashable, Sendable, CustomStringConvertible {
        public let host: String
        public let port: Int
        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Reads `host:port` and `[address]:port`; the port is 8883 when it is left out.
        ///
        /// Anything else is nil.
        public init?(_ text: String) {
            var host = text[...]
            var port = 8883
            if text.hasPrefix("[") {
                guard let end = text.firstIndex(of: "]") else { return nil }
                host = text[text.index(after: text.startIndex)..<end]
                let rest = text[text.index(after: end)...]
                guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
                if !rest.isEmpty { port = Int(rest.dropFirst()) ?? 0 }
            } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
                host = text[..<colon]
                port = Int(text[text.index(after: colon)...]) ?? 0
            }
            let isPlain = host.unicodeScalars.allSatisfy { $0.isPlain && !$0.properties.isWhitespace && $0 != "/" }
            guard !host.isEmpty, isPlain, (1...65_535).contains(port) else { return nil }
            self.host = String(host)
            self.port = port
        }
    }

    /// Takes over the roots that the unit's first certificate has to lead to; those that it has already stay.
    ///
    /// - Parameter root: PEM.
    /// - Throws: `Failure` `certificate.unreadable`, `identity.…`.
    func trust(_ root: [UInt8]) throws(Failure) {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        _ = try CertificateChain(pem: root, name: "the root", status: .usage)
        guard !has(Self.rootFile) else { return }
        try write(Self.rootFile, root, mode: 0o644)
    }

    /// Installs a certificate: written as `.new`, proven by a handshake, then put in place; on a failure the old stands.
    ///
    /// - Parameters:
    ///   - chain: PEM, the unit's certificate first.
    ///   - root: PEM of the roots that are trusted from now on; those of `ca.crt` when nil.
    ///   - broker: Where it is proven, too: mutual TLS, and the broker's answer to an MQTT connection.
    /// - Throws: `Failure` `certificate.…`, `identity.…`, `handshake.…`.
    @discardableResult
    public func install(
        _ role: Role, chain: [UInt8], root: [UInt8]? = nil, broker: Broker? = nil, now: Int64
    ) async throws -> CertificateSummary {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        try finishSwap()
        var record = try record()
        let chain = try CertificateChain(pem: chain, name: "the new certificate", status: .usage)
        let roots = try root.map { try CertificateChain(pem: $0, name: "the new root", status: .usage) } ?? roots()
        let (key, isKeyNew) = try key(of: chain, role)
        if let finding = await CertificateFindings(chain, role, record: record, roots: roots, now: now).worst {
            throw Failure(finding.code, finding.message, hint: finding.hint, status: finding.exit)
        }
        let candidate = TLSCandidate(chain: chain, key: key, roots: roots)
        if root != nil { try await requireRoots(roots, of: role == .device ? .web : .device, now: now) }
        // Nothing is written before it is proven: a unit that starts meanwhile clears away what does not count yet.
        try await TLSProof(candidate).prove(role)
        if let broker { try await BrokerProof(candidate, unit: record.unit).prove(broker) }
        try write(role.certificateFile + ".new", chain.pem(), mode: 0o644)
        if role == .device {
            record.key = chain.leaf.key
            record.certificate = chain.leaf.serial
        }
        try write(Self.recordFile + ".new", record.json(), mode: 0o644)
        if let root { try write(Self.rootFile + ".new", root, mode: 0o644) }
        try swap(isKeyNew ? [role.keyFile] : [], role)
        return chain.leaf
    }

    /// One file holds the roots of both certificates, so a new one must do for the other, too.
    private func requireRoots(_ roots: CertificateChain, of other: Role, now: Int64) async throws {
        guard has(other.certificateFile),
            let fault = try await certificate(other).fault(upTo: roots.certificates, at: now)
        else { return }
        throw Failure(
            "certificate.chain", "With the new root, \(path(other.certificateFile)) leads to none: \(fault).",
            hint: "give both roots in one file to --ca-certificate", status: .usage)
    }

    /// The key that the certificate is for: the present one, or the one that waits.
    private func key(of chain: CertificateChain, _ role: Role) throws -> (SigningKey, isNew: Bool) {
        let waiting = role.keyFile + ".new"
        if has(waiting) {
            let key = try SigningKey(pem: read(waiting), name: path(waiting))
            if key.fingerprint == chain.leaf.key { return (key, true) }
        }
        let key = try key(role)
        guard key.fingerprint == chain.leaf.key else {
            throw Failure(
                "certificate.key", "The certificate is for another key than that of this unit.",
                hint: "picli identity renew --csr-out FILE, and have that signed")
        }
        return (key, false)
    }

    /// From the mark on the new files count, however often the power fails.
    private func swap(_ keys: [String], _ role: Role) throws {
        let names = keys + [role.certificateFile, Self.rootFile, Self.recordFile]
        for name in keys + [role.certificateFile, Self.recordFile] where !has(name + ".new") {
            throw Failure(
                "identity.busy", "\(path(name)).new was taken away while the certificate was installed.",
                hint: "run the same command again", status: .tryAgain)
        }
        try write(Self.swapMark, Array(names.map { $0 + "\n" }.joined().utf8), mode: 0o644)
        try finishSwap()
    }

    /// Finishes a swap that was interrupted after it began to count; what had not begun to is taken away.
    ///
    /// A key that waits for its certificate stays. Where there is no folder there is nothing to do.
    ///
    /// - Throws: `identity.busy` while another installs: that one finishes its own.
    public func resume() throws {
        guard try files().exists else { return }
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        try finishSwap()
    }

    private func finishSwap() throws(Failure) {
        guard has(Self.swapMark) else {
            for name in Self.swapped where !name.hasSuffix(".key") && has(name + ".new") { try remove(name + ".new") }
            return
        }
        let text = String(decoding: try read(Self.swapMark, limit: 4096), as: UTF8.self)
        let names = text.split(separator: "\n").map(String.init)
        for name in Self.swapped where names.contains(name) && has(name + ".new") { try putInPlace(name) }
        try remove(Self.swapMark)
    }
}
