import Glibc
public import Platform
import Site
import X509

/// The identity folder of a unit, on the unit itself or on a mounted card: `/var/lib/picli/identity`.
///
/// Files are replaced as a whole, and several of them together: what comes is written as `.new`, then the file `swap` says
/// that it counts from now on, then it is moved into place. An interrupted swap is finished by `resume`.
public struct UnitIdentity: Sendable {
    public let directory: String
    /// Who owns new files; that of the folder when nil, and when this may give files away.
    public let owner: AtomicFile.Owner?

    /// One of the two certificates of a unit, and its key.
    public enum Role: String, Sendable, CaseIterable {
        /// Towards the broker: `device.key`, `device.crt`.
        case device
        /// Of its page: `web.key`, `web.crt`.
        case web

        var profile: CertificateProfile { self == .device ? .unit : .web }
        var keyFile: String { "\(rawValue).key" }
        var certificateFile: String { "\(rawValue).crt" }
    }

    static let recordFile = "unit.json"
    static let rootFile = "ca.crt"
    static let swapMark = "swap"
    /// All that is ever replaced, in the order in which it is put in place.
    static let swapped = ["device.key", "device.crt", "web.key", "web.crt", rootFile, recordFile]

    public init(at directory: String, owner: AtomicFile.Owner? = nil) {
        self.directory = directory
        self.owner = owner
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    func has(_ name: String) -> Bool { FileKind(of: path(name)) == .regular }

    /// Whether a unit was ever provisioned here.
    public var exists: Bool { has(Self.recordFile) }

    /// What the unit knows of itself.
    ///
    /// - Throws: `identity.missing`, `identity.denied`, `identity.newer`, `identity.unreadable`.
    public func record() throws(Failure) -> UnitRecord {
        try UnitRecord(json: try read(Self.recordFile, limit: UnitRecord.mostBytes + 1), name: path(Self.recordFile))
    }

    /// Writes the record; makes the folder when it is not there.
    public func write(_ record: UnitRecord) throws {
        try makeDirectory()
        try write(Self.recordFile, record.json(), mode: 0o644)
    }

    /// - Throws: as `record`, and `key.unreadable`.
    public func key(_ role: Role) throws(Failure) -> SigningKey {
        try SigningKey(pem: try read(role.keyFile), name: path(role.keyFile))
    }

    /// - Throws: as `record`, and `certificate.unreadable`.
    public func certificate(_ role: Role) throws(Failure) -> CertificateChain {
        try CertificateChain(pem: try read(role.certificateFile), name: path(role.certificateFile))
    }

    /// The roots that the unit trusts, and leads to.
    public func roots() throws(Failure) -> CertificateChain {
        try CertificateChain(pem: try read(Self.rootFile), name: path(Self.rootFile))
    }

    /// Whether this board is the one of the record.
    public func cloneCheck(board: BoardSerial?) throws(Failure) -> CloneCheck {
        CloneCheck(recorded: try record().board, found: board)
    }

    // MARK: Files

    func read(_ name: String, limit: Int = CertificateChain.mostBytes + 1) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try SmallFile.bytes(at: path(name), limit: limit)
        } catch {
            switch error.number {
            case ENOENT, ENOTDIR:
                throw Failure(
                    "identity.missing", "The unit has no \(path(name)).",
                    hint: name == Self.recordFile ? "picli provision" : "picli identity renew --csr-out FILE")
            case EACCES, EPERM:
                throw Failure(
                    "identity.denied", "You may not read \(path(name)).",
                    hint: "run this as root, or as the user picli")
            default: throw Failure("identity.unreadable", "A file of the identity cannot be read: \(error).")
            }
        }
    }

    func write(_ name: String, _ content: [UInt8], mode: UInt32) throws(Failure) {
        do throws(SystemError) {
            try AtomicFile.replace(path(name), with: content, mode: mode, owner: owner ?? inheritedOwner())
        } catch {
            throw Failure("identity.unwritable", "The identity cannot be written: \(error).")
        }
    }

    func remove(_ name: String) { unlink(path(name)) }

    /// Root writes for the user that the folder belongs to.
    private func inheritedOwner() -> AtomicFile.Owner? {
        geteuid() == 0 ? AtomicFile.Owner(of: directory) : nil
    }

    /// Makes the folder, and those above it, when they are not there; the key is in it, so it is for owner and group.
    public func makeDirectory() throws(Failure) {
        var partial = directory.hasPrefix("/") ? "" : "."
        for part in directory.split(separator: "/") {
            partial += "/" + part
            guard mkdir(partial, 0o750) != 0 else {
                if let owner { chown(partial, owner.user, owner.group) }
                continue
            }
            let error = SystemError(errno, "make \(partial)")
            guard FileKind(of: partial) == .directory else {
                throw Failure("identity.unwritable", "The folder of the identity cannot be made: \(error).")
            }
        }
    }
}
