extension BlockMap.Stretch {
    /// Of an empty partition: what a disk is asked for to know what is on it.
    private static let beginning: UInt64 = (1 << 20) / UInt64(BlockMap.blockSize)

    /// The partitions of an image, for a card that may have been used before.
    ///
    /// File systems that are written to later mean their zeros: a FAT is nothing but a table of them, and a journal in which
    /// blocks of an earlier life stand may be taken for its own after a power cut, because images have the same IDs each
    /// time. A root is never written to, so that its free blocks may hold anything. An empty partition looks empty.
    static func all(of partitions: [ImageIdentity.Partition]) -> [BlockMap.Stretch] {
        let sectors = UInt64(BlockMap.blockSize / PartitionTable.sectorSize)
        return partitions.map { partition in
            let blocks = partition.sectors / sectors
            let isRoot = [ImageLayout.Part.rootA, .rootB].contains { $0.rawValue == partition.name }
            return BlockMap.Stretch(
                first: partition.start / sectors,
                settled: partition.isEmpty ? min(beginning, blocks) : isRoot ? 0 : blocks)
        }
    }
}
