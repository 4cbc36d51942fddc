import Glibc

/// What stands at a path (stat(2), `st_mode`).
public enum FileKind: Hashable, Sendable {
    case regular
    case directory
    case socket
    case link
    /// A device, a pipe.
    case other

    /// Nil when there is nothing, or nothing that may be seen.
    ///
    /// - Parameter followsLinks: False to be told of a symbolic link itself.
    public init?(of path: String, followsLinks: Bool = true) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(mode: status.st_mode)
    }

    /// What an open descriptor is; nil when it is none.
    public init?(ofDescriptor number: Int32) {
        var status = stat()
        guard fstat(number, &status) == 0 else { return nil }
        self.init(mode: status.st_mode)
    }

    /// By the bits of `st_mode`.
    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFSOCK: self = .socket
        case S_IFLNK: self = .link
        default: self = .other
        }
    }

    /// The nine permission bits of what stands at a path, links followed.
    public static func permissions(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode) & 0o777 : nil
    }
}
