/// A drive, a partition, or what is built upon one, as the kernel and udev know it.
public struct BlockDevice: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case disk
        case partition
        /// Encrypted, a volume of LVM, an array, a loop: something that others have built.
        case built
    }

    /// The kernel's name: `sda1`.
    public var name: String
    /// `major:minor`, as the table of mounts says it.
    public var number: String
    public var kind: Kind
    public var isOnUSB: Bool
    /// The drive takes no data: a switch, or its end of life.
    public var isReadOnly: Bool
    /// In bytes; 0 for a reader without a card.
    public var size: UInt64
    public var model: String?
    public var serial: String?
    /// `gpt` or `dos`; nil without a partition table.
    public var table: String?
    /// What the table says that a partition is for: a GUID, or a number such as `0xef`.
    public var partitionType: String?
    /// As libblkid calls it: `ext4`, `vfat`, `exfat`, `ntfs`, `crypto_LUKS`.
    public var fileSystem: String?
    /// What anybody may have written there: never a part of a command or a path.
    public var label: String?
    public var uuid: String?
    /// Where it is mounted; `[SWAP]` for swap.
    public var mountPoints: [String]
    /// Its partitions, and what is built upon it.
    public var children: [BlockDevice]

    public init(
        _ name: String, number: String, kind: Kind = .partition, isOnUSB: Bool = true, isReadOnly: Bool = false,
        size: UInt64, model: String? = nil, serial: String? = nil, table: String? = nil, partitionType: String? = nil,
        fileSystem: String? = nil, label: String? = nil, uuid: String? = nil, mountPoints: [String] = [],
        children: [BlockDevice] = []
    ) {
        self.name = name
        self.number = number
        self.kind = kind
        self.isOnUSB = isOnUSB
        self.isReadOnly = isReadOnly
        self.size = size
        self.model = model
        self.serial = serial
        self.table = table
        self.partitionType = partitionType
        self.fileSystem = fileSystem
        self.label = label
        self.uuid = uuid
        self.mountPoints = mountPoints
        self.children = children
    }

    public var path: String { "/dev/\(name)" }

    /// Itself and everything upon it.
    public var all: [BlockDevice] { [self] + children.flatMap(\.all) }

    /// What it is in use for beside footage: mounted, swapped to, or built upon; nil for a drive that may be taken.
    ///
    /// The system's own disk is one of these, however its root is put together.
    public var use: String? {
        for device in all {
            if device.kind == .built { return "\(device.name) is built upon it" }
            for point in device.mountPoints where point != FootageMount.point {
                return point == "[SWAP]" ? "\(device.name) is swap" : "\(device.name) is mounted at \(point)"
            }
        }
        return nil
    }
}

/// All block devices of a machine at one moment.
public struct BlockDevices: Hashable, Sendable {
    public let disks: [BlockDevice]

    public init(disks: [BlockDevice]) { self.disks = disks }

    public var all: [BlockDevice] { disks.flatMap(\.all) }

    /// - Parameter name: `sda1`, or `/dev/sda1`.
    public func device(_ name: String) -> BlockDevice? {
        let name = name.hasPrefix("/dev/") ? String(name.dropFirst(5)) : name
        return all.first { $0.name == name }
    }

    /// The whole disk that a device is, or is a part of.
    public func disk(of device: BlockDevice) -> BlockDevice? {
        disks.first { $0.all.contains { $0.name == device.name } }
    }
}
