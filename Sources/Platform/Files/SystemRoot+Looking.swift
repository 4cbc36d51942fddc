import CLinux
import Glibc

extension SystemRoot {
    /// What stands at a path, links followed within the root; nil when there is nothing, or nothing that may be seen.
    public func kind(of path: String) -> FileKind? { status(of: path).map { FileKind(mode: $0.st_mode) } }

    /// The nine permission bits of what stands at a path, links followed within the root.
    public func permissions(of path: String) -> UInt32? { status(of: path).map { UInt32($0.st_mode) & 0o777 } }

    /// Who owns what stands at a path, links followed within the root.
    public func owner(of path: String) -> AtomicFile.Owner? {
        status(of: path).map { AtomicFile.Owner(user: $0.st_uid, group: $0.st_gid) }
    }

    private func status(of path: String) -> stat? {
        guard let found = try? open(path, linux_o_path) else { return nil }
        var status = stat()
        return fstat(found.number, &status) == 0 ? status : nil
    }

    /// Locks a directory against others who lock it, as long as the lock lives; nil when another has it.
    ///
    /// The directory itself, and no file in it: a file that root made could not be locked by the user who comes next.
    public func lock(directory path: String) throws(SystemError) -> FileLock? {
        try FileLock(taking: try open(path, O_RDONLY | O_DIRECTORY))
    }
}
