/// Whether a file system was put away in order, as its first bytes say; so that a clean one is not checked for minutes.
public enum FileSystemMark: Hashable, Sendable {
    case clean
    /// It was in use when the power went, or when it was pulled out.
    case dirty
    /// Its driver has met errors.
    case damaged
    /// It keeps the mark elsewhere, or is not what it was said to be.
    case unknown

    /// How many bytes of the device `init` looks at.
    public static let length = 2048

    /// Reads the mark.
    ///
    /// ext4: `s_state` and `s_feature_incompat` of the superblock (kernel, Documentation/filesystems/ext4/super.rst).
    /// exFAT: `VolumeFlags` of the boot sector (exFAT specification, 3.1.13). FAT: `BS_Reserved1`, as Linux and Windows use
    /// it (fs/fat, `FAT_STATE_DIRTY`).
    public init(_ fileSystem: DriveFileSystem, _ bytes: [UInt8]) {
        self = .unknown
        guard bytes.count >= Self.length else { return }
        switch fileSystem {
        case .ext4:
            guard bytes[1080] == 0x53, bytes[1081] == 0xEF else { return }
            let needsRecovery = bytes[1024 + 0x60] & 4 != 0
            let state = bytes[1024 + 0x3A]
            self = state & 2 != 0 ? .damaged : state & 1 == 0 || needsRecovery ? .dirty : .clean
        case .exfat:
            guard Array(bytes[3..<11]) == Array("EXFAT   ".utf8) else { return }
            self = bytes[106] & 4 != 0 ? .damaged : bytes[106] & 2 != 0 ? .dirty : .clean
        case .vfat:
            guard bytes[510] == 0x55, bytes[511] == 0xAA else { return }
            let isFAT32 = Array(bytes[82..<87]) == Array("FAT32".utf8)
            guard isFAT32 || Array(bytes[54..<57]) == Array("FAT".utf8) else { return }
            let state = bytes[isFAT32 ? 65 : 37]
            self = state & 2 != 0 ? .damaged : state & 1 != 0 ? .dirty : .clean
        case .ntfs: return
        }
    }
}
