import Crypto
public import Site

/// Where each partition of an image lies.
public struct ImageLayout: Hashable, Sendable {
    /// The partitions by their PARTLABELs, which are their only names: both slots hold the same file systems.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        case bootconfig
        case bootA = "boot-a"
        case bootB = "boot-b"
        case rootA = "root-a"
        case rootB = "root-b"
        case data

        /// The firmware's own, which an MBR has to name.
        var isFAT: Bool { [.bootconfig, .bootA, .bootB].contains(self) }
    }

    public let table: PartitionTable

    /// The first partition begins at 4 MiB: what cards erase at once, and room for a boot loader.
    private static let start: UInt64 = 8192

    /// - Parameter name: Of the image; its GUIDs are made from it.
    public init(_ recipe: ImageRecipe, for architecture: ImageRecipe.Architecture) {
        var partitions: [PartitionTable.Partition] = []
        var next = Self.start
        for part in Part.allCases {
            let count = UInt64(recipe.layout.size(of: part)) / UInt64(PartitionTable.sectorSize)
            partitions.append(
                .init(
                    name: part.rawValue, type: Self.kind(of: part, for: architecture),
                    id: Self.guid("\(recipe.name) \(architecture.rawValue) \(part.rawValue)"), start: next,
                    count: count))
            next += count
        }
        // A mebibyte for the table's second copy.
        table = PartitionTable(
            disk: Self.guid("\(recipe.name) \(architecture.rawValue)"), sectors: next + 2048, partitions: partitions,
            hybrid: 3)
    }

    /// Bytes of the whole image.
    public var size: UInt64 { table.sectors * UInt64(PartitionTable.sectorSize) }

    /// A name for a file system or a partition: the same in every build, another one for each use.
    static func guid(_ name: String) -> PartitionGUID {
        PartitionGUID(hash: Array(SHA256.hash(data: Array("picli image \(name)".utf8))))
    }

    /// A PC's firmware looks for boot loaders on EFI system partitions; a Pi's takes plain FAT.
    private static func kind(of part: Part, for architecture: ImageRecipe.Architecture) -> PartitionGUID {
        let text: String
        switch part {
        case .bootA where architecture == .amd64: text = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
        case .bootconfig, .bootA, .bootB: text = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
        case .rootA, .rootB, .data: text = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
        }
        return PartitionGUID(text) ?? guid(text)
    }
}

extension ImageRecipe.Layout {
    /// Bytes of one partition.
    func size(of part: ImageLayout.Part) -> Int64 {
        switch part {
        case .bootconfig: bootconfig
        case .bootA, .bootB: boot
        case .rootA, .rootB: root
        case .data: data
        }
    }
}
