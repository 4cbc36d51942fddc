/// What only root may do with drives, for who asks: a closed list.
public protocol DriveDoor: Sendable {
    /// Writes everything to the drive in its place, and lets it go.
    ///
    /// - Returns: The kernel's name of the disk that may be pulled out.
    func eject() async throws -> String

    /// Says what would be erased; nothing is done.
    func offer(_ device: String, as kind: FormatPlan.Kind) async throws -> FormatOffer

    /// Erases what was offered, and has it put into its place like a drive that was plugged in.
    ///
    /// - Parameter seal: That of the offer which a person has agreed to.
    /// - Returns: What was decided about it.
    func format(_ device: String, as kind: FormatPlan.Kind, seal: String) async throws -> DriveRecord
}

/// A drive that may be erased, as a person is asked about it.
public struct FormatOffer: Hashable, Sendable, Codable {
    /// What it holds.
    public struct Volume: Hashable, Sendable, Codable {
        /// The kernel's name.
        public let device: String
        public let fileSystem: String
        /// What anybody may have written there.
        public let label: String?
    }

    /// The kernel's name of the whole disk.
    public let disk: String
    /// In bytes.
    public let size: UInt64
    public let model: String?
    public let serial: String?
    public let volumes: [Volume]
    /// Cameras record to it now.
    public let isInPlace: Bool
    /// Tells this drive with this content from any other.
    public let seal: String

    /// What a person types to show that they mean this one.
    public var name: String { serial ?? disk }
}

extension FormatOffer {
    public init(_ order: FormatOrder) {
        let disk = order.disk
        self.disk = disk.name
        size = disk.size
        model = disk.model
        serial = disk.serial
        volumes = disk.all.compactMap { device in
            device.fileSystem.map { Volume(device: device.name, fileSystem: $0, label: device.label) }
        }
        isInPlace = disk.all.contains { $0.mountPoints.contains(FootageMount.point) }
        seal = order.seal
    }
}
