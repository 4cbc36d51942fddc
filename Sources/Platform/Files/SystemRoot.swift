import CLinux
import Glibc

/// The root of a system: `/`, a mounted card or a test's tree.
///
/// Paths are those of that system. The kernel resolves them as after chroot(2) (`RESOLVE_IN_ROOT` of openat2(2)): a link
/// to `/etc`, absolute or by any number of `..`, means the `etc` in the root, and nothing outside can be named.
public final class SystemRoot: Sendable {
    /// As it was named.
    public let path: String
    /// True for the root of the running system.
    public let isLive: Bool
    private let directory: Descriptor

    /// - Throws: `root.unusable`.
    public init(_ path: String = "/") throws(Failure) {
        do throws(SystemError) {
            directory = try Descriptor(opening: path, linux_o_path | O_DIRECTORY)
        } catch {
            throw Failure(
                "root.unusable", "\(path) cannot be used as the root of a system: \(error.reason).",
                hint: "name the directory where the card's root file system is mounted", status: .usage)
        }
        self.path = path
        var mine = stat()
        var running = stat()
        isLive =
            fstat(directory.number, &mine) == 0 && stat("/", &running) == 0 && mine.st_dev == running.st_dev
            && mine.st_ino == running.st_ino
    }

    /// A path as it is to be shown: with the root before it.
    public func shown(_ path: String) -> String {
        guard !isLive || self.path != "/" else { return path }
        return (self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path) + path
    }

    /// Opens what a path names within the root.
    func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
        try Self.open(path, in: directory.number, flags, mode: mode, shown: shown(path), isConfined: !isLive)
    }

    /// - Parameter isConfined: False for the running system, whose root nothing can leave: there openat(2) does the same, and
    ///   openat2(2) may be forbidden (`RestrictSUIDSGID=` of systemd.exec(5) answers ENOSYS).
    private static func open(
        _ path: String, in directory: Int32, _ flags: Int32, mode: UInt32, shown: String, isConfined: Bool
    ) throws(SystemError) -> Descriptor {
        var number: Int32
        // EAGAIN: something was renamed meanwhile, and the kernel cannot say that the path stayed inside.
        repeat {
            number =
                isConfined
                ? linux_open_in_root(directory, path, flags | O_CLOEXEC, flags & O_CREAT == 0 ? 0 : mode)
                : openat(directory, path, flags | O_CLOEXEC, mode)
        } while number < 0 && (errno == EINTR || errno == EAGAIN)
        guard number >= 0 else { throw SystemError(errno, "open \(shown)") }
        return Descriptor(owning: number)
    }

    /// The directory that a path's last name stands in, and that name: for calls that must not follow a link there.
    struct Place: ~Copyable {
        let directory: Descriptor
        let name: String
        /// The whole path, for messages.
        let shown: String
        fileprivate let isConfined: Bool

        func open(_ name: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
            try SystemRoot.open(
                name, in: directory.number, flags | O_NOFOLLOW, mode: mode, shown: shown, isConfined: isConfined)
        }

        func status() throws(SystemError) -> stat? {
            var status = stat()
            guard fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                guard errno == ENOENT else { throw SystemError(errno, "look at \(shown)") }
                return nil
            }
            return status
        }

        /// Makes renames and removals in the directory survive a power cut.
        func synchronize() throws(SystemError) {
            guard fsync(directory.number) == 0 else { throw SystemError(errno, "write the directory of \(shown)") }
        }
    }

    func place(of path: String) throws(SystemError) -> Place {
        let (parent, name) = Self.split(path)
        guard !name.isEmpty, name != ".", name != ".." else { throw SystemError(EINVAL, "open \(shown(path))") }
        return Place(
            directory: try open(parent, O_RDONLY | O_DIRECTORY), name: name, shown: shown(path), isConfined: !isLive)
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let parent = String(path[..<slash])
        return (parent.isEmpty ? "/" : parent, String(path[path.index(after: slash)...]))
    }

    /// Whether something stands at a path, links followed within the root.
    public func exists(_ path: String) -> Bool { (try? open(path, linux_o_path)) != nil }

    /// The content of a file, links followed within the root; nil when there is nothing.
    public func content(of path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            let file = try open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK)
            return try file.readAll(limit: limit)
        } catch {
            guard error.number == ENOENT || error.number == ENOTDIR else {
                throw SystemError(error.number, "read \(shown(path))")
            }
            return nil
        }
    }

    /// Where a symbolic link points; nil when there is none.
    public func linkTarget(of path: String) -> String? {
        guard let place = try? place(of: path) else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlinkat(place.directory.number, place.name, &buffer, buffer.count)
        return length >= 0 ? String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
