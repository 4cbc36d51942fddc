/// One line of /proc/self/mountinfo (proc(5)).
public struct Mount: Hashable, Sendable {
    /// `major:minor` of the file system's device; the same for all mounts of one file system.
    public let device: String
    /// The directory of the file system that is mounted; `/` unless it is a bind mount.
    public let root: String
    public let point: String
    /// `ext4`, `vfat`, `nfs4`.
    public let type: String
    /// What is mounted: `/dev/mmcblk0p2`, `server:/path`, `tmpfs`.
    public let source: String
    /// Options of this mount only; a sandbox may say `ro` here while the file system is writable.
    public let options: [String]
    /// Options of the file system itself.
    public let superOptions: [String]

    /// True when nobody can write to the file system: mounted so, or made so by the kernel after an error.
    ///
    /// `emergency_ro` is what ext4 says since Linux 6.15 instead of `ro` after `errors=remount-ro`.
    public var isFileSystemReadOnly: Bool {
        superOptions.contains("ro") || superOptions.contains("emergency_ro")
    }
}

/// All mounts that a process sees.
public struct MountTable: Hashable, Sendable {
    public let mounts: [Mount]

    /// Reads the text of a mountinfo file; lines that are not of its form are passed over.
    public init(mountinfo text: String) {
        mounts = text.split(separator: "\n").compactMap(Self.mount)
    }

    /// The mounts of this process.
    public init(root: String = "") throws(SystemError) {
        self.init(mountinfo: try SmallFile.text(at: "\(root)/proc/self/mountinfo", limit: 4 << 20))
    }

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    // (1)(2)(3)  (4)   (5)   (6)        (7)     (8)(9)  (10)      (11)
    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard let separator = fields.dropFirst(6).firstIndex(of: "-"), fields.count >= separator + 4 else { return nil }
        return Mount(
            device: String(fields[2]), root: unescape(fields[3]), point: unescape(fields[4]),
            type: unescape(fields[separator + 1]), source: unescape(fields[separator + 2]),
            options: list(fields[5]), superOptions: list(fields[separator + 3]))
    }

    private static func list(_ field: Substring) -> [String] { field.split(separator: ",").map(String.init) }

    /// Space, tab, newline and backslash are written as three octal digits: `\040`.
    private static func unescape(_ field: Substring) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
