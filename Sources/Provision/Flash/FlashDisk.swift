import FoundationEssentials
public import Platform

/// A disk that an image may be written onto, as lsblk(8) tells of it.
public struct FlashDisk: Hashable, Sendable {
    /// A partition, or what the system has made of one.
    public struct Part: Hashable, Sendable {
        public let path: String
        /// `part` or `crypt`, for example.
        public let type: String
        public let size: UInt64
        public let fileSystem: String?
        public let label: String?
        public let mountPoints: [String]
    }

    /// `/dev/sdb`.
    public let path: String
    public let type: String
    /// In bytes.
    public let size: UInt64
    public let isReadOnly: Bool
    public let model: String?
    /// `usb` or `mmc`, for example.
    public let transport: String?
    /// Of a partition: the disk that it is on.
    public let parent: String?
    /// The name of its partition table, which two disks of one kind have not in common.
    public let table: String?
    /// Of a disk without partitions.
    public let fileSystem: String?
    public let label: String?
    public let mountPoints: [String]
    /// What is on it, also what lies within that.
    public let parts: [Part]

    private static let columns = "PATH,TYPE,SIZE,RO,MODEL,TRAN,PKNAME,PTUUID,FSTYPE,LABEL,MOUNTPOINTS"

    /// Asks what stands at a path.
    ///
    /// - Throws: `flash.noDisk`.
    public init(at path: String, commands: any CommandRunner) async throws {
        let result: CommandResult
        do {
            result = try await commands.run(
                Command("lsblk", ["--json", "--bytes", "--paths", "--output", Self.columns, path]))
        } catch let error as CommandError {
            throw Self.noDisk(path, "\(error)")
        }
        try self.init(listing: result.output, of: path)
    }

    /// - Throws: `flash.noDisk`.
    init(listing: [UInt8], of path: String) throws(Failure) {
        guard let listing = try? JSONDecoder().decode(Listing.self, from: Data(listing)),
            let device = listing.blockdevices.first
        else { throw Self.noDisk(path, "lsblk does not know it") }
        self.path = device.path
        type = device.type
        size = device.size
        isReadOnly = device.ro
        model = device.model
        transport = device.tran
        parent = device.pkname
        table = device.ptuuid
        fileSystem = device.fstype
        label = device.label
        mountPoints = device.mounted
        parts = device.within
    }

    private static func noDisk(_ path: String, _ reason: String) -> Failure {
        Failure(
            "flash.noDisk", "There is no disk at \(path): \(reason).", hint: "lsblk shows which there are",
            status: .usage)
    }

    private struct Listing: Decodable { let blockdevices: [Device] }

    private struct Device: Decodable {
        let path: String
        let type: String
        let size: UInt64
        let ro: Bool
        let model: String?
        let tran: String?
        let pkname: String?
        let ptuuid: String?
        let fstype: String?
        let label: String?
        let mountpoints: [String?]?
        let children: [Device]?

        var mounted: [String] { (mountpoints ?? []).compactMap(\.self) }

        var within: [Part] {
            (children ?? []).flatMap { child in
                [
                    Part(
                        path: child.path, type: child.type, size: child.size, fileSystem: child.fstype,
                        label: child.label, mountPoints: child.mounted)
                ] + child.within
            }
        }
    }
}

extension FlashDisk {
    /// What it is, in a line: `/dev/sdb: SanDisk Ultra, usb, 31.9 GB`.
    public var title: String {
        let words = [model, transport].compactMap(\.self) + [Self.gigabytes(size)]
        return "\(path): \(words.joined(separator: ", "))"
    }

    /// What is on it and will be lost, a line each.
    public var contents: [String] {
        func line(_ path: String, _ fileSystem: String, _ label: String?, _ size: UInt64) -> String {
            "\(path): \(fileSystem)\(label.map { " '\($0)'" } ?? ""), \(Self.gigabytes(size))"
        }
        return (fileSystem.map { [line(path, $0, label, size)] } ?? [])
            + parts.map { line($0.path, $0.fileSystem ?? "nothing known", $0.label, $0.size) }
    }

    private static func gigabytes(_ bytes: UInt64) -> String {
        "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }

    /// Why nothing may be written onto it; nil when it may.
    ///
    /// - Parameter needed: Bytes of the image.
    public func refusal(for needed: UInt64) -> Failure? {
        func refuse(_ code: String, _ why: String, _ hint: String) -> Failure {
            Failure(code, "\(path) \(why).", hint: hint, status: .usage)
        }
        guard type == "disk" else {
            return type == "part"
                ? refuse(
                    "flash.partition", "is a partition, and an image is a whole disk", "--disk \(parent ?? "DISK")")
                : refuse("flash.noDisk", "is no disk, but \(type)", "lsblk shows which there are")
        }
        let mounted = mountPoints + parts.flatMap(\.mountPoints)
        if let place = mounted.first(where: { Self.system.contains($0) }) {
            return refuse("flash.system", "is a disk of this system: it is mounted at \(place)", "name another disk")
        }
        if let place = mounted.first {
            return refuse("flash.mounted", "is in use: it is mounted at \(place)", "umount \(place)")
        }
        if let part = parts.first(where: { $0.type != "part" }) {
            return refuse("flash.inUse", "is in use by \(part.path) (\(part.type))", "take that apart first")
        }
        guard !isReadOnly else {
            return refuse("flash.readOnly", "cannot be written to", "move the lock of the card, or of its adapter")
        }
        guard size >= needed else {
            return refuse(
                "flash.tooSmall", "has \(size >> 20) MiB, and the image \(needed >> 20) MiB", "take a larger card")
        }
        return nil
    }

    private static let system: Set<String> = [
        "/", "/boot", "/boot/efi", "/boot/firmware", "/home", "/usr", "/var", "[SWAP]",
    ]
}
