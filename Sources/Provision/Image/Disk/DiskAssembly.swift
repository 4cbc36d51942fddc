/// The image of a whole disk: a partition table, and what stands in its partitions.
public struct DiskAssembly: Hashable, Sendable {
    public var table: PartitionTable
    /// The image's place when it is complete.
    public var output: String
    /// The files that the partitions are filled from; the others stay empty.
    public var parts: [ImageLayout.Part: String]

    public init(table: PartitionTable, output: String, parts: [ImageLayout.Part: String]) {
        self.table = table
        self.output = output
        self.parts = parts
    }

    /// Where it is written first.
    public var partial: String { output + ".partial" }
}
