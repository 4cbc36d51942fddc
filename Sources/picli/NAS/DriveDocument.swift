import NAS
import Platform

/// One drive or partition, and what was decided about it.
struct DriveDocument: Encodable {
    let device: String
    let disk: String
    let size: UInt64
    let model: String?
    let serial: String?
    let fileSystem: String?
    let label: String?
    let uuid: String?
    let usb: Bool
    /// `attached`, `read_only`, `waiting`, `refused`, `left`, `failed`, `used` or `free`.
    let state: String
    let reason: String?
    let hint: String?

    init(
        _ device: BlockDevice, of disk: BlockDevice, record: DriveRecord?, mounted: FootageMount?,
        in devices: BlockDevices
    ) {
        self.device = device.name
        self.disk = disk.name
        size = device.size
        model = disk.model
        serial = disk.serial
        fileSystem = device.fileSystem
        label = device.label
        uuid = device.uuid
        usb = disk.isOnUSB
        let isMounted = mounted?.device(in: devices)?.name == device.name
        if isMounted {
            state = mounted?.isReadOnly == true ? "read_only" : "attached"
            reason = record?.message
        } else if let record, record.outcome != .attached, record.outcome != .readOnly {
            state = record.outcome.rawValue
            reason = record.message
        } else if let use = device.use {
            state = "used"
            reason = use + "."
        } else {
            state = "free"
            reason = nil
        }
        hint = record?.hint
    }

    /// Of all of them: partitions, and disks that have none.
    static func all(_ devices: BlockDevices, _ records: [DriveRecord], _ mounted: FootageMount?) -> [DriveDocument] {
        devices.disks.filter { $0.size > 0 && $0.kind == .disk }.flatMap { disk in
            let parts = disk.children.filter { $0.kind == .partition }
            return (parts.isEmpty ? [disk] : parts).map { device in
                DriveDocument(
                    device, of: disk, record: records.first { $0.device == device.name }, mounted: mounted, in: devices)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case device, disk, size, model, serial, label, uuid, usb, state, reason, hint
        case fileSystem = "file_system"
    }
}

/// Sizes of drives, as it stands on them: in powers of 1000.
enum DriveSize {
    static func text(_ bytes: UInt64) -> String {
        let units: [(UInt64, String)] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB")]
        guard let (unit, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) B" }
        let tenths = (bytes * 10 + unit / 2) / unit
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(name)" : "\((bytes + unit / 2) / unit) \(name)"
    }
}
