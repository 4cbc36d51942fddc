import Glibc
public import Platform

/// The archive that a card was given on its way, on the partition that every PC can write to.
public struct CarriedCard: Sendable {
    private static let keys = "/etc/ssh/authorized_keys.d"
    private static let limit = 4 << 20

    private let root: SystemRoot

    public init(in root: SystemRoot) { self.root = root }

    /// Whether the partition is mounted that it lies on; a mounted card is taken as it is.
    public var isReachable: Bool {
        guard root.isLive, let table = try? MountTable() else { return true }
        return table.mounts.contains { $0.point == FirstBootPlan.partition }
    }

    /// nil when there is none, or none any more.
    ///
    /// - Throws: `image.noBootconfig`; `image.archive` for a damaged one; `image.unreadable`.
    public func archive() throws(Failure) -> CardArchive? {
        guard isReachable else {
            throw Failure(
                "image.noBootconfig", "The partition 'bootconfig' is not mounted: nobody knows what the card carries.",
                hint: "systemctl status bootconfig.mount; the next boot tries it again")
        }
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try root.content(of: FirstBootPlan.archive, limit: Self.limit) } catch {
            throw Failure("image.unreadable", "The card's archive cannot be read: \(error).")
        }
        guard let bytes else { return nil }
        return try CardArchive(bytes)
    }

    /// Lets those in whose keys the card carries.
    ///
    /// - Throws: `image.keys`.
    public func installKeys(of archive: CardArchive) throws(Failure) {
        guard let keys = archive.authorizedKeys else { return }
        do throws(SystemError) {
            try root.makeDirectory(Self.keys, mode: 0o755, owner: nil)
            try root.replaceFile("\(Self.keys)/technician", with: keys, mode: 0o644, owner: nil)
        } catch {
            throw Failure("image.keys", "The keys of the card cannot be kept: \(error).")
        }
    }

    /// Overwrites the archive and removes it; the unit has what was in it.
    ///
    /// - Throws: `image.erase`.
    public func erase() throws(Failure) {
        do throws(SystemError) {
            guard let size = try root.content(of: FirstBootPlan.archive, limit: Self.limit)?.count else { return }
            let file = try Descriptor(opening: root.shown(FirstBootPlan.archive), O_WRONLY | O_NOFOLLOW)
            try file.write([UInt8](repeating: 0, count: size), at: 0)
            guard fsync(file.number) == 0 else { throw SystemError(errno, "overwrite it") }
            try root.removeFile(FirstBootPlan.archive)
        } catch {
            throw Failure("image.erase", "The card's archive cannot be erased: \(error).")
        }
    }
}
