import Glibc
public import Platform
import Site
import X509

/// The identity folder of a unit, on the unit itself or on a mounted card: `/var/lib/picli/identity`.
///
/// Files are replaced as a whole, and several of them together: what comes is written as `.new`, then the file `swap` says
/// that it counts from now on, then it is moved into place. An interrupted swap is finished by `resume`.
///
/// Every file is opened within the root that it belongs to, so that no link on a card leads out of it; and whoever changes
/// the folder holds its lock meanwhile: another one fails with `identity.busy`.
public struct UnitIdentity: Sendable {
    /// As it is shown: with the root before it.
    public let directory: String
    /// Who owns new files; that of the folder when nil, and when this may give files away.
    public let owner: AtomicFile.Owner?
    /// nil: that of the running system.
    private let root: SystemRoot?
    /// The folder within the root; relative to the current directory where there is no root.
    private let place: String

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

    /// On the running system.
    public init(at directory: String, owner: AtomicFile.Owner? = nil) {
        self.directory = directory
        self.owner = owner
        root = nil
        place = directory
    }

    /// In a root: a mounted card, or the running system.
    ///
    /// - Parameter state: The state directory of the unit, as the root's own system names it.
    public init(in root: SystemRoot, state: String = "/var/lib/picli", owner: AtomicFile.Owner? = nil) {
        place = (state.hasPrefix("/") ? state : "/" + state) + "/identity"
        directory = root.shown(place)
        self.root = root
        self.owner = owner
    }

    /// As a message names it.
    func path(_ name: String) -> String { "\(directory)/\(name)" }

    func has(_ name: String) -> Bool { (try? files())?.kind(name) == .regular }

    /// Whether a unit was ever provisioned here.
    public var exists: Bool { has(Self.recordFile) }

    /// The permission bits of a file.
    func permissions(_ name: String) -> UInt32? { (try? files())?.permissions(name) }

    /// What the unit knows of itself.
    ///
    /// - Throws: `identity.missing`, `identity.denied`, `identity.newer`, `identity.unreadable`.
    public func record() throws(Failure) -> UnitRecord {
        try UnitRecord(json: try read(Self.recordFile, limit: UnitRecord.mostBytes + 1), name: path(Self.recordFile))
    }

    /// Writes the record; makes the folder when it is not there.
    ///
    /// - Throws: `identity.unwritable`, `identity.busy`.
    public func write(_ record: UnitRecord) throws {
        try makeDirectory()
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
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

    /// The folder for one piece of work.
    func files() throws(Failure) -> IdentityFiles {
        guard let root else { return IdentityFiles(try SystemRoot(), place) }
        return IdentityFiles(root, place)
    }

    /// Who else would write is refused as long as the lock lives.
    ///
    /// - Throws: `identity.busy`, `identity.missing`, `identity.denied`, `identity.unreadable`.
    func lock() throws(Failure) -> FileLock {
        let files = try files()
        let lock: FileLock?
        do throws(SystemError) { lock = try files.lock() } catch { throw unreadable(Self.recordFile, error) }
        if let lock { return lock }
        throw Failure(
            "identity.busy", "Another picli is changing \(directory) at this moment.",
            hint: "run the same command again when that one has ended", status: .tryAgain)
    }

    func read(_ name: String, limit: Int = CertificateChain.mostBytes + 1) throws(Failure) -> [UInt8] {
        let files = try files()
        do throws(SystemError) { return try files.content(name, limit: limit) } catch { throw unreadable(name, error) }
    }

    private func unreadable(_ name: String, _ error: SystemError) -> Failure {
        switch error.number {
        case ENOENT, ENOTDIR:
            Failure("identity.missing", "The unit has no \(path(name)).", hint: Self.origin(of: name))
        case EACCES, EPERM:
            Failure(
                "identity.denied", "You may not read \(path(name)).", hint: "run this as root, or as the user picli")
        default: Failure("identity.unreadable", "A file of the identity cannot be read: \(error).")
        }
    }

    /// What makes a file that is missing.
    private static func origin(of name: String) -> String {
        switch name {
        case recordFile: "picli provision"
        case rootFile:
            "picli identity renew --certificate FILE --ca-certificate FILE, with the root.crt of the authority"
        default: "picli identity renew --csr-out FILE"
        }
    }

    func write(_ name: String, _ content: [UInt8], mode: UInt32) throws(Failure) {
        let files = try files()
        try writing { () throws(SystemError) in
            try files.replace(name, with: content, mode: mode, owner: owner ?? files.inheritedOwner)
        }
    }

    func remove(_ name: String) throws(Failure) {
        let files = try files()
        try writing { () throws(SystemError) in try files.remove(name) }
    }

    /// Puts what came as `.new` in its place.
    func putInPlace(_ name: String) throws(Failure) {
        let files = try files()
        try writing { () throws(SystemError) in try files.rename(name + ".new", to: name) }
    }

    /// Makes the folder, and those above it, when they are not there; the key is in it, so it is for owner and group.
    ///
    /// - Throws: `identity.unwritable`.
    public func makeDirectory() throws(Failure) {
        let files = try files()
        try writing { () throws(SystemError) in try files.make(owner: owner) }
    }

    private func writing(_ body: () throws(SystemError) -> Void) throws(Failure) {
        do throws(SystemError) { try body() } catch {
            throw Failure("identity.unwritable", "The identity cannot be written: \(error).")
        }
    }
}
