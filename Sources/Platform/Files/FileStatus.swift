import Glibc

/// What stands at a path, links not followed (lstat(2)).
public struct FileStatus: Hashable, Sendable {
    public let kind: FileKind
    /// In bytes.
    public let size: Int64
    /// When its content was last changed, in seconds since 1970.
    public let changed: Int64

    /// nil when there is nothing, or nothing that may be seen.
    public init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        kind = FileKind(mode: status.st_mode)
        size = Int64(status.st_size)
        changed = Int64(status.st_mtim.tv_sec)
    }
}
