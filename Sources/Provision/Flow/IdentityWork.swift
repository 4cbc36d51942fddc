import Platform
import Site

/// Makes or changes `unit.json`.
struct RecordWork: PlanWork {
    let identity: UnitIdentity
    /// What the record has to be; nil when it is so already.
    let wanted: @Sendable (UnitRecord?) -> UnitRecord?

    private var present: UnitRecord? { get throws { identity.exists ? try identity.record() : nil } }

    func isDone() throws -> Bool { try wanted(present) == nil }

    func carryOut() throws {
        if let record = try wanted(present) { try identity.write(record) }
    }
}

/// Makes the unit's key, where it will be used.
struct KeyWork: PlanWork {
    let identity: UnitIdentity

    func isDone() throws -> Bool { identity.has(UnitIdentity.Role.device.keyFile) }

    func carryOut() throws { try identity.makeKey(.device) }
}

/// Has the authority on this machine sign, and installs what comes of it.
struct SigningWork: PlanWork {
    let identity: UnitIdentity
    let role: UnitIdentity.Role
    let authority: CertificateAuthority
    let operation: Operation
    let facts: UnitFacts
    let change: KeyChange
    /// Of the page.
    let hosts: [String]
    let now: Int64

    /// A certificate of this authority that fits the key, the names and the databases, and has a month left.
    func isDone() throws -> Bool {
        guard [role.keyFile, role.certificateFile, UnitIdentity.rootFile].allSatisfy({ identity.has($0) }) else {
            return false
        }
        let record = try identity.record()
        let leaf = try identity.certificate(role).leaf
        let uris = role == .device ? [IdentityURI.unit(record.unit)] + record.databaseIDs.map(IdentityURI.database) : []
        let key = try identity.key(role).fingerprint
        let roots = try identity.roots().summaries.map(\.fingerprint)
        return leaf.key == key && Set(leaf.uris).isSuperset(of: uris)
            && Set(leaf.hosts).isSuperset(of: hosts.map { $0.lowercased() })
            && leaf.notAfter > now + 30 * 86_400_000
            && roots.contains(authority.root.leaf.fingerprint)
    }

    func carryOut() async throws {
        try identity.resume()
        let request = try identity.request(role, hosts: hosts)
        let order = SigningOrder(
            request: request, name: "the request of the unit", profile: role.profile, change: change,
            allowedNames: hosts, facts: facts)
        let signed = try authority.sign(order, by: operation, now: now)
        try await identity.install(role, chain: signed.chain.pem(), root: authority.root.pem(), now: now)
    }
}

/// Installs a certificate that was signed elsewhere.
struct InstallationWork: PlanWork {
    let identity: UnitIdentity
    let chain: [UInt8]
    let root: [UInt8]?
    let now: Int64

    func isDone() throws -> Bool {
        guard identity.has(UnitIdentity.Role.device.certificateFile), identity.has(UnitIdentity.rootFile) else {
            return false
        }
        if let root {
            let wanted = try CertificateChain(pem: root, name: "the new root").summaries.map(\.fingerprint)
            guard Set(try identity.roots().summaries.map(\.fingerprint)) == Set(wanted) else { return false }
        }
        let new = try CertificateChain(pem: chain, name: "the new certificate")
        return try identity.certificate(.device).leaf.fingerprint == new.leaf.fingerprint
    }

    func carryOut() async throws {
        try await identity.install(.device, chain: chain, root: root, now: now)
    }
}

/// Tells a unit what its certificate will lead to, before it has one.
///
/// Roots that it has already stay: it changes its authority by what an operator says, and not by what a card carries.
struct TrustWork: PlanWork {
    let identity: UnitIdentity
    let root: [UInt8]

    func isDone() -> Bool { identity.has(UnitIdentity.rootFile) }

    func carryOut() throws { try identity.trust(root) }
}

/// Keeps what another board wrote under other names, and takes its keys and certificates away.
///
/// The databases stay whole: SQLite finds the log of a file by the file's name, so that the two are renamed alike.
struct ReclaimWork: PlanWork {
    let root: SystemRoot
    let identity: UnitIdentity
    /// The unit that the files were of.
    let unit: UnitID

    private static let folder = "/var/lib/picli"

    private var files: [String] { UnitDatabase.allCases.map { "\($0.rawValue).sqlite" } }
    private var secrets: [String] { UnitIdentity.Role.allCases.flatMap { [$0.keyFile, $0.certificateFile] } }

    func isDone() -> Bool {
        !files.contains { root.exists("\(Self.folder)/\($0)") } && !secrets.contains { identity.has($0) }
    }

    func carryOut() throws {
        // A unit that runs has it; one that root made could not be locked by the service.
        let isLockable = root.isLive && root.exists("\(Self.folder)/lock")
        let lock = isLockable ? try FileLock(stateDirectory: Self.folder) : nil
        defer { withExtendedLifetime(lock) {} }
        for file in files where root.exists("\(Self.folder)/\(file)") {
            let name = freeName(for: file)
            // The file itself last: what was not renamed before a power cut is found by it.
            for suffix in ["-shm", "-wal", ""] where root.exists("\(Self.folder)/\(file)\(suffix)") {
                try root.rename("\(Self.folder)/\(file)\(suffix)", to: name + suffix)
            }
        }
        try identity.remove(secrets)
    }

    /// `history.sqlite.pi-7k3m92qf`, or that with a number: an earlier one is not overwritten.
    private func freeName(for file: String) -> String {
        var name = "\(file).\(unit)"
        var number = 2
        func exists(_ name: String) -> Bool { root.exists("\(Self.folder)/\(name)") }
        // A log that was set aside just before a power cut is joined by its file, unless there is another log by now.
        while exists(name) || exists(name + "-wal") && exists(file + "-wal") {
            name = "\(file).\(unit).\(number)"
            number += 1
        }
        return name
    }
}
