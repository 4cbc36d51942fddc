import FoundationEssentials
public import Platform
import Site

/// What an image says of itself, in the document beside it.
///
/// The system that it boots knows its name and version: `IMAGE_ID` and `IMAGE_VERSION` of os-release(5).
public struct ImageIdentity: Codable, Hashable, Sendable {
    public struct Partition: Codable, Hashable, Sendable {
        public var number: Int
        public var name: String
        public var type: String
        public var id: String
        /// First sector of 512 bytes, and their number.
        public var start: UInt64
        public var sectors: UInt64
        public var isEmpty: Bool
    }

    /// How a card becomes the card of a unit.
    public struct Provisioning: Codable, Hashable, Sendable {
        public var schema = 1
        public var partition = ImageLayout.Part.bootconfig.rawValue
        public var archive = CardArchive.fileName
    }

    public var schema = 1
    public var name: String
    public var version: String
    public var architecture: String
    public var base: String
    public var release: String
    public var file: String
    public var size: UInt64
    public var sha256: String
    public var packages: Int
    public var partitions: [Partition]
    public var provisioning = Provisioning()

    init(_ plan: ImagePlan, version: String, map: BlockMap, packages: Int) {
        name = plan.recipe.name
        self.version = version
        architecture = plan.architecture.rawValue
        base = plan.recipe.base.rawValue
        release = plan.recipe.releases[plan.architecture].rawValue
        file = plan.fileName
        size = map.size
        sha256 = map.digest
        self.packages = packages
        partitions = Self.partitions(of: plan)
    }

    static func partitions(of plan: ImagePlan) -> [Partition] {
        plan.layout.table.partitions.enumerated().map { index, partition in
            Partition(
                number: index + 1, name: partition.name, type: partition.type.description,
                id: partition.id.description, start: partition.start, sectors: partition.count,
                isEmpty: ImageLayout.Part(rawValue: partition.name).flatMap { plan.assembly.parts[$0] } == nil)
        }
    }

    /// - Throws: `image.identity`.
    public init(json: [UInt8]) throws(Failure) {
        // Larger than any disk: what is reckoned with these numbers has room.
        let limit: UInt64 = 1 << 48
        guard let value = try? JSONDecoder().decode(ImageIdentity.self, from: Data(json)), value.schema >= 1,
            value.size < limit,
            value.partitions.allSatisfy({ $0.sectors > 0 && $0.sectors < limit && $0.start < limit })
        else {
            throw Failure(
                "image.identity", "The image.json is none that picli reads.",
                hint: "take the image and its files from where they were made once more")
        }
        self = value
    }

    /// Sorted keys, on lines of their own.
    public var json: [UInt8] {
        get throws { try Paper.json(self) }
    }
}

/// Documents that ship beside an image.
enum Paper {
    static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [0x0A]
    }
}
