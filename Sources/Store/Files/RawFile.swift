#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file read by position, for files that no library would open.
final class RawFile: Sendable {
    private let descriptor: Int32
    let size: Int

    /// nil when it cannot be opened for reading, or is not a plain file.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// What lies at a path.
    enum Presence {
        case nothing
        case file
        /// A folder, a pipe, a link that leads nowhere: opening it could wait for ever.
        case other
    }

    static func presence(_ path: String) -> Presence {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .nothing }
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? .file : .other
    }

    /// Exactly so many bytes, or none: behind the end, or where the disk cannot read.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, count > 0, count <= size, offset <= size - count else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        guard pread(descriptor, &bytes, count, off_t(offset)) == count else { return [] }
        return bytes
    }
}
