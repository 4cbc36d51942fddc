import Platform

/// A GPT with a hybrid MBR, in sectors of 512 bytes.
///
/// The ROM of a Pi 3 reads nothing but an MBR: its first three entries are the three FAT partitions, by the same numbers,
/// and the fourth protects the GPT's header, as Linux and UEFI want to see it (`is_pmbr_valid` of block/partitions/efi.c).
public struct PartitionTable: Hashable, Sendable {
    public struct Partition: Hashable, Sendable {
        /// PARTLABEL, at most 36 letters.
        public var name: String
        public var type: PartitionGUID
        public var id: PartitionGUID
        /// First sector.
        public var start: UInt64
        /// Number of sectors.
        public var count: UInt64

        public init(name: String, type: PartitionGUID, id: PartitionGUID, start: UInt64, count: UInt64) {
            self.name = name
            self.type = type
            self.id = id
            self.start = start
            self.count = count
        }
    }

    public static let sectorSize = 512
    static let entryCount = 128
    static let entrySize = 128
    /// Sectors of the array of entries.
    static let entrySectors = UInt64(entryCount * entrySize / sectorSize)

    public var disk: PartitionGUID
    /// Sectors of the whole disk.
    public var sectors: UInt64
    public var partitions: [Partition]
    /// How many of the first partitions the MBR names; 0 for a protective one.
    public var hybrid: Int

    public init(disk: PartitionGUID, sectors: UInt64, partitions: [Partition], hybrid: Int) {
        self.disk = disk
        self.sectors = sectors
        self.partitions = partitions
        self.hybrid = hybrid
    }

    /// The last sector that a partition may have.
    public var lastUsable: UInt64 { sectors - Self.entrySectors - 2 }

    /// MBR, header and entries: the first 34 sectors.
    public var head: [UInt8] {
        let entries = entryBytes
        return mbr + header(at: 1, other: sectors - 1, entriesAt: 2, entries) + entries
    }

    /// Entries and header again: the last 33 sectors.
    public var tail: [UInt8] {
        let entries = entryBytes
        return entries + header(at: sectors - 1, other: 1, entriesAt: sectors - 1 - Self.entrySectors, entries)
    }

    private var entryBytes: [UInt8] {
        var bytes: [UInt8] = []
        for partition in partitions {
            bytes += partition.type.bytes + partition.id.bytes
            bytes += LittleEndian.bytes(partition.start) + LittleEndian.bytes(partition.start + partition.count - 1)
            bytes += LittleEndian.bytes(UInt64(0))
            let name = partition.name.utf16.prefix(36).flatMap { LittleEndian.bytes($0) }
            bytes += name + [UInt8](repeating: 0, count: 72 - name.count)
        }
        return bytes + [UInt8](repeating: 0, count: Self.entryCount * Self.entrySize - bytes.count)
    }

    private func header(at place: UInt64, other: UInt64, entriesAt: UInt64, _ entries: [UInt8]) -> [UInt8] {
        func fields(checksum: UInt32) -> [UInt8] {
            let fields: [[UInt8]] = [
                Array("EFI PART".utf8), LittleEndian.bytes(UInt32(0x0001_0000)), LittleEndian.bytes(UInt32(92)),
                LittleEndian.bytes(checksum), LittleEndian.bytes(UInt32(0)), LittleEndian.bytes(place),
                LittleEndian.bytes(other), LittleEndian.bytes(Self.entrySectors + 2), LittleEndian.bytes(lastUsable),
                disk.bytes, LittleEndian.bytes(entriesAt), LittleEndian.bytes(UInt32(Self.entryCount)),
                LittleEndian.bytes(UInt32(Self.entrySize)), LittleEndian.bytes(CRC32.of(entries)),
            ]
            return fields.flatMap { $0 }
        }
        let bytes = fields(checksum: CRC32.of(fields(checksum: 0)))
        return bytes + [UInt8](repeating: 0, count: Self.sectorSize - bytes.count)
    }

    private var mbr: [UInt8] {
        // 0x0C: FAT32 by LBA, also for the smaller FATs; the ROM looks into it.
        var entries: [[UInt8]] = partitions.prefix(hybrid).map { Self.mbrEntry(0x0C, $0.start, $0.count) }
        let covered = hybrid > 0 ? (partitions.first?.start ?? sectors) - 1 : sectors - 1
        entries.append(Self.mbrEntry(0xEE, 1, covered))
        var bytes = [UInt8](repeating: 0, count: Self.sectorSize)
        // The disk signature: of the GUID, so that it is the same in every build.
        bytes.replaceSubrange(440..<444, with: disk.bytes.prefix(4))
        let table = entries.prefix(4).flatMap { $0 }
        bytes.replaceSubrange(446..<446 + table.count, with: table)
        bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
        return bytes
    }

    private static func mbrEntry(_ type: UInt8, _ start: UInt64, _ count: UInt64) -> [UInt8] {
        // Cylinders, heads and sectors say "beyond": only the LBA counts.
        let kind: [UInt8] = [0x00, 0xFE, 0xFF, 0xFF, type, 0xFE, 0xFF, 0xFF]
        return kind + LittleEndian.bytes(UInt32(clamping: start)) + LittleEndian.bytes(UInt32(clamping: count))
    }
}

/// Numbers as disks have them.
enum LittleEndian {
    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
    }

    static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}
