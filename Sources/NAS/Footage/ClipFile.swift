import Glibc
import Platform

/// A clip on the drive, as it was when somebody began to read it.
///
/// It is open only while it is read, so that nobody who looks at footage keeps the drive from being ejected.
public struct ClipFile: Hashable, Sendable {
    /// Below the unit's folder.
    public let path: String
    /// In bytes.
    public let size: Int64
    /// Wall milliseconds at which it was written to last.
    public let modified: Int64
    private let device: UInt64
    private let inode: UInt64

    /// Tells this content from any other: hexadecimal digits and a hyphen.
    public var tag: String { "\(String(inode, radix: 16))-\(String(size, radix: 16))-\(String(modified, radix: 16))" }

    private init?(_ path: String, _ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        size = Int64(status.st_size)
        modified = ClipTime.written.of(status)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// nil for what is no file.
    ///
    /// - Throws: `SystemError` ENOENT, ENOTDIR or ELOOP for what is not there; no link on the way is followed.
    init?(_ path: String, below top: String) throws(SystemError) {
        let file = try Self.open(path, below: top)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw SystemError(errno, "look at \(path)") }
        self.init(path, status)
    }

    /// Some of its bytes; fewer where it ends.
    ///
    /// - Throws: `SystemError` ESTALE when another content has taken its place.
    func bytes(from start: Int64, _ count: Int, below top: String) throws(SystemError) -> [UInt8] {
        let file = try Self.open(path, below: top)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw SystemError(errno, "look at \(path)") }
        guard ClipFile(path, status) == self else { throw SystemError(ESTALE, "read \(path)") }
        var buffer = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let length = buffer.withUnsafeMutableBytes { bytes in
                pread(file.number, bytes.baseAddress?.advanced(by: done), count - done, Int(start) + done)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw SystemError(errno, "read \(path)") }
            if length == 0 { break }
            done += length
        }
        return Array(buffer[..<done])
    }

    private static func open(_ path: String, below top: String) throws(SystemError) -> Descriptor {
        let folder = try Descriptor(opening: top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        let names = path.split(separator: "/").map(String.init)
        guard !names.contains(".."), !names.contains(".") else { throw SystemError(ENOENT, "open \(path)") }
        return try follow(names[...], in: folder.number, path)
    }

    /// Opens what the last of some names stands for, each below the one before.
    private static func follow(
        _ names: ArraySlice<String>, in folder: Int32, _ path: String
    ) throws(SystemError) -> Descriptor {
        guard let name = names.first else { throw SystemError(ENOENT, "open \(path)") }
        let rest = names.dropFirst()
        // A pipe would be waited for.
        let flags = rest.isEmpty ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY
        let number = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags)
        guard number >= 0 else { throw SystemError(errno, "open \(path)") }
        let file = Descriptor(owning: number)
        guard !rest.isEmpty else { return file }
        return try follow(rest, in: file.number, path)
    }
}
