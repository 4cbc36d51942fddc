import FoundationEssentials
public import Site

/// The file that says whose footage a folder on a drive is: `footage/UNIT/picli-drive.json`.
///
/// Cameras do not see it: each of them is let into its own folder, one below.
public struct DriveMarker: Hashable, Sendable, Codable {
    public static let name = "picli-drive.json"

    public var schema = 1
    public var unit: UnitID
    /// nil where the site file names none.
    public var deployment: String?

    public init(unit: UnitID, deployment: String?) {
        self.unit = unit
        self.deployment = deployment
    }

    /// nil for bytes that are no marker: the drive went through other hands.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= 4096, let marker = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            marker.schema == 1
        else { return nil }
        self = marker
    }

    public var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return (try? Array(encoder.encode(self)) + [0x0A]) ?? []
    }
}
