import Platform

/// The door to the drives for root's own process: nothing lies between.
public struct AttendedDrives: DriveDoor {
    private let attendant: DriveAttendant

    public init(_ attendant: DriveAttendant) { self.attendant = attendant }

    public func eject() async throws -> String { try await attendant.eject().name }

    public func offer(_ device: String, as kind: FormatPlan.Kind) async throws -> FormatOffer {
        FormatOffer(try await attendant.format(device, as: kind))
    }

    /// - Throws: `nas.changed` when it is another drive, or another content, than was offered.
    public func format(_ device: String, as kind: FormatPlan.Kind, seal: String) async throws -> DriveRecord {
        let order = try await attendant.format(device, as: kind)
        guard order.seal == seal else { throw FormatOrder.changed(order.disk) }
        return try await attendant.carryOut(order)
    }
}
