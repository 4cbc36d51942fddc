import Glibc
public import Platform

/// The partition that a unit keeps its own on, on the disk that the running system was booted from.
public struct DataPartition: Hashable, Sendable {
    /// `/dev/mmcblk0`.
    public let disk: String
    /// `/dev/mmcblk0p6`.
    public let device: String
    /// Where the kernel tells its size: `/sys/class/block/mmcblk0p6`.
    let attributes: String
    /// Sectors of the whole disk.
    public let sectors: UInt64

    /// - Parameter root: Of the tree that /dev and /sys are looked for in, for tests.
    /// - Throws: `image.noData` on a system that was not booted from an image.
    public init(root: String = "") throws(Failure) {
        func fault(_ what: String) -> Failure {
            Failure(
                "image.noData", "This system keeps nothing on a partition 'data': \(what).",
                hint: "flash an image of 'picli image build'")
        }
        let label = "\(root)/dev/disk/by-partlabel/data"
        guard let resolved = realpath(label, nil) else { throw fault("there is no \(label)") }
        defer { free(resolved) }
        device = String(cString: resolved)
        let name = device.split(separator: "/").last.map(String.init) ?? ""
        attributes = "\(root)/sys/class/block/\(name)"
        // A partition's folder in /sys stands in that of its disk.
        guard let place = realpath(attributes, nil) else { throw fault("the kernel does not know \(name)") }
        defer { free(place) }
        let parts = String(cString: place).split(separator: "/")
        guard parts.count > 1, let size = try? SmallFile.text(at: "\(attributes)/../size", limit: 32),
            let sectors = UInt64(size)
        else { throw fault("\(name) is no partition") }
        disk = "\(root)/dev/\(parts[parts.count - 2])"
        self.sectors = sectors
    }

    /// As the kernel has it now.
    func size() throws -> UInt64 {
        guard let size = UInt64(try SmallFile.text(at: "\(attributes)/size", limit: 32)) else {
            throw SystemError(EINVAL, "read \(attributes)/size")
        }
        return size
    }

    /// The table as it stands on the disk.
    func table() throws -> PartitionTable {
        let file = try Descriptor(opening: disk, O_RDONLY)
        return try PartitionTable(head: file.readAll(limit: PartitionTable.headSize))
    }
}

/// Lets the last partition of the table reach the end of the disk.
struct TableGrowth: PlanWork {
    let partition: DataPartition

    func isDone() throws -> Bool {
        let table = try partition.table()
        return table == table.grown(to: partition.sectors)
    }

    /// Where everything of the first copy stands that another end of the last partition changes; a card writes it at once.
    static let block = 4096

    /// The copy at the end first: a power cut leaves an old table that is whole, or a new one.
    ///
    /// The kernel knows no table whose first copy is torn (block/partitions/efi.c), so that this one is written as one block.
    func carryOut() throws {
        let table = try partition.table().grown(to: partition.sectors)
        let file = try Descriptor(opening: partition.disk, O_RDWR)
        let tail = table.tail
        try file.write(tail, at: table.sectors * UInt64(PartitionTable.sectorSize) - UInt64(tail.count))
        guard fsync(file.number) == 0 else { throw SystemError(errno, "write \(partition.disk)") }
        try file.write(Array(table.head.prefix(Self.block)), at: 0)
        guard fsync(file.number) == 0 else { throw SystemError(errno, "write \(partition.disk)") }
    }
}

/// Tells the kernel of a partition's new size, while it is mounted.
struct PartitionGrowth: PlanWork {
    let partition: DataPartition
    let commands: any CommandRunner

    func isDone() throws -> Bool {
        guard let wanted = try partition.table().partitions.last?.count else { return true }
        return try partition.size() >= wanted
    }

    func carryOut() async throws {
        let number = try partition.table().partitions.count
        _ = try await commands.run(Command("partx", ["--update", "--nr", "\(number)", partition.disk]))
    }
}

/// Lets the file system fill its partition, while it is mounted.
struct FileSystemGrowth: PlanWork {
    let partition: DataPartition
    /// Where it is mounted.
    let place: String
    let commands: any CommandRunner

    /// A file system is smaller than its partition by what it keeps for itself, well below a fourth.
    func isDone() throws -> Bool {
        let bytes = try partition.size() * UInt64(PartitionTable.sectorSize)
        return try FileSystemSpace(of: place).size > bytes / 4 * 3
    }

    func carryOut() async throws {
        _ = try await commands.run(Command("resize2fs", [partition.device], timeout: .seconds(600)))
    }
}
