import Platform
import Site
import Testing

@testable import NAS

/// Drives as tests need them.
enum DriveFixtures {
    /// A drive with partitions; without, it is a file system of its own.
    static func disk(
        _ name: String, number: String = "8:0", size: UInt64 = 64_000_000_000, fileSystem: String? = nil,
        uuid: String? = nil, isOnUSB: Bool = true, points: [String] = [], _ children: [BlockDevice] = []
    ) -> BlockDevice {
        BlockDevice(
            name, number: number, kind: .disk, isOnUSB: isOnUSB, size: size, table: children.isEmpty ? nil : "gpt",
            fileSystem: fileSystem, uuid: uuid, mountPoints: points, children: children)
    }

    static func part(
        _ name: String, _ number: String, size: UInt64 = 64_000_000_000, type: String? = nil,
        fileSystem: String? = "ext4", uuid: String? = nil, points: [String] = [], _ children: [BlockDevice] = []
    ) -> BlockDevice {
        BlockDevice(
            name, number: number, size: size, partitionType: type, fileSystem: fileSystem, uuid: uuid ?? "uuid-\(name)",
            mountPoints: points, children: children)
    }

    static func plain(_ name: String, _ number: String, fileSystem: String? = "ext4") -> BlockDevice {
        disk(name, number: number, [part(name + "1", String(number.dropLast()) + "1", fileSystem: fileSystem)])
    }

    static func unit(_ text: String) throws -> UnitID { try #require(UnitID(text)) }

    static func code(_ decision: DriveDecision) -> String {
        switch decision {
        case .use(let volume): volume.replaced == nil ? "use" : "replace"
        case .inPlace: "in place"
        case .leave(let reason), .wait(let reason), .refuse(let reason): reason.code
        }
    }
}
