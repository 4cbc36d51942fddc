public import Platform

/// A file system that footage is kept on.
public enum DriveFileSystem: String, Hashable, Sendable, CaseIterable {
    /// The best there is for a drive that may be pulled out: what was finished is not lost.
    case ext4
    case exfat
    case vfat
    case ntfs

    /// For people.
    public var title: String {
        switch self {
        case .ext4: "ext4"
        case .exfat: "exFAT"
        case .vfat: "FAT32"
        case .ntfs: "NTFS"
        }
    }

    /// True where files have owners; elsewhere the mount says whose all of them are.
    public var hasOwners: Bool { self == .ext4 }

    /// By the name that libblkid gives; ext3 and ext2 are served by the driver of ext4.
    public init?(blkid name: String) {
        switch name {
        case "ext4", "ext3", "ext2": self = .ext4
        default: self.init(rawValue: name)
        }
    }

    /// The name for mount(8); NTFS by its driver in user space, which every system has that has any.
    public var driver: String { self == .ntfs ? "ntfs-3g" : rawValue }

    /// The options of the mount that cameras record to.
    public func options(isReadOnly: Bool, owner: AtomicFile.Owner) -> String {
        var options = [isReadOnly ? "ro" : "rw", "nosuid", "nodev", "noexec", "noatime"]
        // What is on a foreign drive leads nowhere. ntfs-3g does not know the word.
        if self != .ntfs { options.append("nosymfollow") }
        if hasOwners {
            options.append("errors=remount-ro")
        } else {
            options += ["uid=\(owner.user)", "gid=\(owner.group)", "fmask=0117", "dmask=0007"]
        }
        if self == .vfat { options += ["utf8", "flush", "errors=remount-ro"] }
        if self == .exfat { options += ["errors=remount-ro"] }
        return options.joined(separator: ",")
    }

    /// What is said to the kernel afterwards, where the driver does not take all of it; nil where it does.
    ///
    /// ntfs-3g does not know `nosymfollow`, and shows links and junctions of NTFS as links: one that is called like a camera
    /// would lead root and the share out of the drive.
    public func remountOptions(isReadOnly: Bool) -> String? {
        guard self == .ntfs else { return nil }
        return "remount,bind,\(isReadOnly ? "ro" : "rw"),nosuid,nodev,noexec,noatime,nosymfollow"
    }

    /// The options of a mount that only looks: nothing on the drive changes, not even its journal.
    public var lookingOptions: String {
        let options = "ro,nosuid,nodev,noexec,noatime" + (self == .ntfs ? "" : ",nosymfollow")
        // What the drive itself says of errors may be: panic (ext4(5)).
        return self == .ext4 ? options + ",noload,errors=remount-ro" : options
    }
}
