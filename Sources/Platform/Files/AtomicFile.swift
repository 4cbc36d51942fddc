import Glibc

/// Replaces a file so that a reader, or a power cut, sees the old content or the new one and never a part.
public enum AtomicFile {
    public struct Owner: Hashable, Sendable {
        public let user: UInt32
        public let group: UInt32

        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }

        /// That of what stands at a path; nil when nothing does.
        public init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.init(user: status.st_uid, group: status.st_gid)
        }
    }

    /// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the directory.
    ///
    /// The content is never readable by others than `mode` and `owner` allow. A symbolic link at `path` is replaced
    /// itself, not followed. On an error the old file stands and the temporary one is gone.
    public static func replace(
        _ path: String, with content: [UInt8], mode: UInt32 = 0o644, owner: Owner? = nil
    ) throws(SystemError) {
        let (directory, name) = split(path)
        var template = Array("\(directory)/.\(name).XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw SystemError(errno, "make a temporary file in \(directory)") }
        let file = Descriptor(owning: number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        do throws(SystemError) {
            try write(content, to: file.number, path)
            // chown(2) clears the set-user-ID bits, so it comes before chmod.
            if let owner, fchown(file.number, owner.user, owner.group) != 0 {
                throw SystemError(errno, "give \(path) to user \(owner.user), group \(owner.group)")
            }
            guard fchmod(file.number, mode) == 0 else { throw SystemError(errno, "set the mode of \(path)") }
            guard fsync(file.number) == 0 else { throw SystemError(errno, "write \(path) to the disk") }
            guard rename(template, path) == 0 else { throw SystemError(errno, "replace \(path)") }
        } catch {
            unlink(template)
            throw error
        }
        try synchronize(directory: directory)
    }

    /// Makes renames and removals in a directory survive a power cut.
    public static func synchronize(directory: String) throws(SystemError) {
        let opened = try Descriptor(opening: directory, O_RDONLY | O_DIRECTORY)
        guard fsync(opened.number) == 0 else { throw SystemError(errno, "write directory \(directory) to the disk") }
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = String(path[..<slash])
        return (directory.isEmpty ? "/" : directory, String(path[path.index(after: slash)...]))
    }

    private static func write(_ content: [UInt8], to number: Int32, _ path: String) throws(SystemError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "write \(path)") }
            rest = rest.dropFirst(count)
        }
    }
}
