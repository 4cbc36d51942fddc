public import Site

/// What is done with a device: the first decision, from what can be known without mounting it.
public enum DriveDecision: Hashable, Sendable {
    /// It is looked into, and used when it is ours, or nobody's.
    case use(DriveVolume)
    /// It is mounted already.
    case inPlace(DriveVolume)
    /// Nothing is done, and that is as it should be.
    case leave(DriveReason)
    /// Another drive is in its place, and the site file says that this one waits.
    case wait(DriveReason)
    /// It cannot be used: a person has to do something.
    case refuse(DriveReason)
}

/// Why, as a stable code, a sentence, and what to do.
public struct DriveReason: Hashable, Sendable {
    public let code: String
    public let sentence: String
    public let hint: String?

    public init(_ code: String, _ sentence: String, hint: String? = nil) {
        self.code = code
        self.sentence = sentence
        self.hint = hint
    }
}

/// A device that footage can be kept on.
public struct DriveVolume: Hashable, Sendable {
    public let device: BlockDevice
    public let fileSystem: DriveFileSystem
    /// A drive that has to go first: it was pulled out, or gives way.
    public let replaced: FootageMount?

    public init(_ device: BlockDevice, _ fileSystem: DriveFileSystem, replaced: FootageMount? = nil) {
        self.device = device
        self.fileSystem = fileSystem
        self.replaced = replaced
    }
}

extension DriveDecision {
    /// Partitions that are never for files of people: EFI, Microsoft's reserved and recovery, BIOS boot, swap.
    private static let reserved: Set<String> = [
        "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "e3c9e316-0b5c-4db8-817d-f92df00215ae",
        "de94bba4-06d1-4d40-a16a-bfd50179d6ac", "21686148-6449-6e6f-744e-656564454649",
        "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", "0xef", "0x27", "0x82",
    ]

    /// - Parameters:
    ///   - name: The kernel's name of the device, or its path.
    ///   - mounted: What cameras record to now.
    public init(
        _ name: String, in devices: BlockDevices, mounted: FootageMount?, second: StorageConfiguration.SecondDrive
    ) {
        guard let device = devices.device(name), let disk = devices.disk(of: device) else {
            self = .refuse(
                DriveReason("nas.gone", "There is no block device '\(name.plain)'.", hint: "picli nas list"))
            return
        }
        self = Self.judged(device, of: disk, in: devices, mounted, second)
    }

    private static func judged(
        _ device: BlockDevice, of disk: BlockDevice, in devices: BlockDevices, _ mounted: FootageMount?,
        _ second: StorageConfiguration.SecondDrive
    ) -> DriveDecision {
        if let reason = unusable(device, of: disk) { return reason }
        let name = device.path
        guard let named = device.fileSystem else {
            return .refuse(
                DriveReason(
                    "nas.unformatted", "There is no file system on \(name).", hint: "picli nas format \(device.name)"))
        }
        guard let fileSystem = DriveFileSystem(blkid: named) else {
            return .refuse(
                DriveReason(
                    "nas.fileSystem", "\(name) has the file system \(named.plain), which cameras cannot record to.",
                    hint: "picli nas format \(device.name)"))
        }
        if let mounted, mounted.device(in: devices)?.name == device.name {
            return .inPlace(DriveVolume(device, fileSystem))
        }
        let twin = devices.all.first { $0.name != device.name && $0.uuid != nil && $0.uuid == device.uuid }
        if let twin {
            return .refuse(
                DriveReason(
                    "nas.twin", "\(name) and \(twin.path) have the same UUID: one is a copy of the other.",
                    hint: "pull one of them out"))
        }
        guard let mounted else { return .use(DriveVolume(device, fileSystem)) }
        guard mounted.isDrive(in: devices) else {
            return .refuse(
                DriveReason(
                    "nas.taken", "\(FootageMount.point) is taken: \(mounted.source.plain) is mounted there.",
                    hint: "umount \(FootageMount.point), then picli nas attach \(device.name)"))
        }
        // What was pulled out gives way to whoever comes.
        guard let present = mounted.device(in: devices), second == .wait else {
            return .use(DriveVolume(device, fileSystem, replaced: mounted))
        }
        return .wait(
            DriveReason(
                "nas.waits", "\(name) waits until \(present.path) is gone.",
                hint: "picli nas eject, or 'second: replace' in the site file"))
    }

    /// What no look at its file system would change.
    private static func unusable(_ device: BlockDevice, of disk: BlockDevice) -> DriveDecision? {
        let name = device.path
        guard disk.isOnUSB else {
            return .refuse(
                DriveReason(
                    "nas.notUSB", "\(name) is no drive on USB: it may be the system's own.", hint: "picli nas list"))
        }
        if let use = disk.use { return .refuse(DriveReason("nas.inUse", "\(disk.path) is in use: \(use).")) }
        guard device.kind != .built else {
            return .refuse(DriveReason("nas.inUse", "\(name) is part of something else."))
        }
        guard disk.size > 0 else {
            return .leave(DriveReason("nas.noMedium", "There is no medium in \(disk.path)."))
        }
        let partitions = disk.children
        guard !partitions.isEmpty else { return nil }
        guard device.kind == .partition else {
            return .leave(
                DriveReason("nas.partitioned", "\(name) has partitions; each of them is looked at by itself."))
        }
        let best = partitions.filter {
            !reserved.contains($0.partitionType ?? "") && $0.fileSystem.flatMap(DriveFileSystem.init(blkid:)) != nil
        }.max { ($0.size, $1.name) < ($1.size, $0.name) }
        guard let best, best.name != device.name else { return nil }
        return .leave(
            DriveReason("nas.otherPartition", "\(best.path) is the largest partition of that drive, and is used."))
    }
}

extension DriveDecision {
    /// The second decision, once it is known what is on it.
    ///
    /// - Returns: Why it is not used; nil when it is.
    public static func refusal(
        of volume: DriveVolume, owner: DriveOwner, foreign: StorageConfiguration.ForeignDrive
    ) -> DriveReason? {
        guard case .others(let what) = owner, foreign == .refuse else { return nil }
        return DriveReason(
            "nas.foreign", "\(volume.device.path) is not used: \(what).",
            hint:
                "take the files off it, or 'foreign: beside' in the site file, or picli nas format \(volume.device.name)"
        )
    }
}
