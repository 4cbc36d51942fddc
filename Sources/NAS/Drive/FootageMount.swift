public import Platform
import Site

/// The mount that cameras record to, as it is now.
public struct FootageMount: Hashable, Sendable {
    public static let point = FootagePlaces.mountPoint

    /// `major:minor` of what is mounted.
    public let number: String
    public let source: String
    public let type: String
    public let isReadOnly: Bool

    /// nil when nothing is mounted; the uppermost where several are.
    public init?(_ table: MountTable) {
        guard let mount = table.mounts.last(where: { $0.point == Self.point }) else { return nil }
        number = mount.device
        source = mount.source
        type = mount.type
        isReadOnly = mount.isFileSystemReadOnly || mount.options.contains("ro")
    }

    /// The kernel's count of the disk that is mounted: another one each time that a drive is plugged in, whatever its name
    /// (`diskseq` of Linux 5.15); nil where it does not count.
    var sequence: String? { diskSequence(root: "") }

    func diskSequence(root: String) -> String? {
        // A partition's is that of its disk.
        for place in ["diskseq", "../diskseq"] {
            if let text = try? SmallFile.text(at: "\(block(root: root))/\(place)", limit: 32) { return text }
        }
        return nil
    }

    /// Where the kernel tells of the device that is mounted.
    ///
    /// A file system in user space has a number that is no block device's, and that the next one may have, too.
    func block(root: String) -> String {
        guard type.hasPrefix("fuse"), let name = source.split(separator: "/").last else {
            return "\(root)/sys/dev/block/\(number)"
        }
        return "\(root)/sys/class/block/\(name)"
    }

    /// False where something else was mounted than a drive on USB, which is nothing that picli takes away.
    func isDrive(in devices: BlockDevices) -> Bool {
        guard let device = device(in: devices) else { return source.hasPrefix("/dev/sd") }
        return devices.disk(of: device)?.isOnUSB == true
    }

    /// A device's number as the table of mounts says it (makedev(3) of glibc).
    static func number(of device: UInt) -> String {
        let major = (device >> 8 & 0xFFF) | (device >> 32 & 0xFFFF_F000)
        let minor = (device & 0xFF) | (device >> 12 & 0xFFFF_FF00)
        return "\(major):\(minor)"
    }

    public init(number: String, source: String, type: String = "ext4", isReadOnly: Bool = false) {
        self.number = number
        self.source = source
        self.type = type
        self.isReadOnly = isReadOnly
    }

    /// The device that is mounted; nil when it was pulled out and the mount is all that is left of it.
    ///
    /// A file system in user space has a number of its own: it is known by its source.
    public func device(in devices: BlockDevices) -> BlockDevice? {
        devices.all.first { $0.number == number } ?? devices.all.first { type.hasPrefix("fuse") && $0.path == source }
    }
}
