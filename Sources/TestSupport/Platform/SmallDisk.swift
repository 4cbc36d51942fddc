import Glibc

/// A small file system of a test's own (tmpfs), where the machine lets us mount one.
public final class SmallDisk: Sendable {
    public static let isPermitted = SmallDisk(kilobytes: 64) != nil

    public let path: String

    /// nil when mounting is not permitted.
    public init?(kilobytes: Int) {
        var template = Array("/tmp/picli-disk-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            rmdir(path)
            return nil
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// As the kernel does after an error, or a person for safety.
    public func makeReadOnly() -> Bool {
        mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0
    }
}
