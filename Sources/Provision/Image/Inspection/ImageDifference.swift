public import Platform

/// What two images differ in: what they are, where their partitions lie, and what software is in them.
public struct ImageDifference: Encodable, Hashable, Sendable {
    public struct Change: Encodable, Hashable, Sendable {
        public let name: String
        /// nil for what is new.
        public let before: String?
        /// nil for what is gone.
        public let after: String?
    }

    /// Of what they say of themselves.
    public let properties: [Change]
    public let partitions: [Change]
    /// By package URL.
    public let software: [Change]

    public var isEmpty: Bool { properties.isEmpty && partitions.isEmpty && software.isEmpty }

    /// - Throws: `image.noPapers`, `image.software`.
    public init(from old: ImageFile, to new: ImageFile) throws(Failure) {
        properties = Self.changes(Self.properties(of: old.identity), Self.properties(of: new.identity))
        partitions = Self.changes(Self.partitions(of: old.identity), Self.partitions(of: new.identity))
        software = Self.changes(try old.software(), try new.software())
    }

    private static func changes(_ old: [String: String], _ new: [String: String]) -> [Change] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
            Change(name: $0, before: old[$0], after: new[$0])
        }
    }

    private static func properties(of identity: ImageIdentity) -> [String: String] {
        [
            "name": identity.name, "version": identity.version, "architecture": identity.architecture,
            "base": identity.base, "release": identity.release, "size": "\(identity.size)", "sha256": identity.sha256,
            "provisioning": "\(identity.provisioning.schema)",
        ]
    }

    private static func partitions(of identity: ImageIdentity) -> [String: String] {
        Dictionary(
            identity.partitions.map { ($0.name, "sectors \($0.start) to \($0.start + $0.sectors - 1)") },
            uniquingKeysWith: { first, _ in first })
    }
}
