public import Platform

extension PartitionTable {
    /// How many bytes of the start of a disk are read to know it.
    public static let headSize = (2 + Int(entrySectors)) * sectorSize

    /// Reads the first 34 sectors of a disk.
    ///
    /// - Throws: `image.noTable` when there is no GPT, or one whose checksums are wrong.
    public init(head bytes: [UInt8]) throws(Failure) {
        func fault(_ what: String) -> Failure {
            Failure(
                "image.noTable", "There is no partition table of an image: \(what).",
                hint: "name an image of 'picli image build'")
        }
        guard bytes.count >= Self.headSize, bytes[510] == 0x55, bytes[511] == 0xAA else {
            throw fault("it does not begin with a boot record")
        }
        let header = Array(bytes[Self.sectorSize..<2 * Self.sectorSize])
        guard header.starts(with: "EFI PART".utf8) else { throw fault("it has no GPT") }
        var plain = Array(header[..<92])
        plain.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        guard LittleEndian.number(header[12..<16]) as UInt32 == 92,
            LittleEndian.number(header[16..<20]) as UInt32 == CRC32.of(plain)
        else { throw fault("the checksum of its header is wrong") }
        let entries = Array(bytes[2 * Self.sectorSize..<Self.headSize])
        guard LittleEndian.number(header[80..<84]) as UInt32 == UInt32(Self.entryCount),
            LittleEndian.number(header[84..<88]) as UInt32 == UInt32(Self.entrySize),
            LittleEndian.number(header[88..<92]) as UInt32 == CRC32.of(entries)
        else { throw fault("the checksum of its entries is wrong") }
        guard let disk = PartitionGUID(disk: header[56..<72]) else { throw fault("it has no name") }
        let last: UInt64 = LittleEndian.number(header[32..<40])
        guard last > Self.entrySectors * 2, last < 1 << 48 else { throw fault("it ends nowhere") }
        var partitions: [Partition] = []
        for place in stride(from: 0, to: entries.count, by: Self.entrySize) {
            guard let partition = Partition(entry: Array(entries[place..<place + Self.entrySize])) else { continue }
            guard partition.start <= last, partition.count > 0, partition.count <= last - partition.start else {
                throw fault("the partition '\(partition.name)' lies outside")
            }
            partitions.append(partition)
        }
        let named = (0..<4).filter { ![0, 0xEE].contains(bytes[446 + $0 * 16 + 4]) }.count
        self.init(disk: disk, sectors: last + 1, partitions: partitions, hybrid: named)
    }

    /// The same table on a disk of another size, with its last partition up to the end.
    ///
    /// Rounded down to whole mebibytes; unchanged when there is nothing to gain.
    public func grown(to sectors: UInt64) -> PartitionTable {
        var table = self
        guard sectors > self.sectors, let last = partitions.last else { return self }
        table.sectors = sectors
        let end = (table.lastUsable + 1) / 2048 * 2048
        guard end > last.start + last.count else { return self }
        table.partitions[partitions.count - 1].count = end - last.start
        return table
    }
}

extension PartitionTable.Partition {
    /// nil for an entry that is not used, or that ends before it begins.
    fileprivate init?(entry: [UInt8]) {
        guard entry[..<16].contains(where: { $0 != 0 }), let type = PartitionGUID(disk: entry[..<16]),
            let id = PartitionGUID(disk: entry[16..<32])
        else { return nil }
        let start: UInt64 = LittleEndian.number(entry[32..<40])
        let end: UInt64 = LittleEndian.number(entry[40..<48])
        let units = stride(from: 56, to: 128, by: 2).map { LittleEndian.number(entry[$0..<$0 + 2]) as UInt16 }
        let name = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        let count = end >= start ? end - start &+ 1 : 0
        self.init(name: name, type: type, id: id, start: start, count: count)
    }
}
