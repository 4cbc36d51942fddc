import Platform
import Site

@testable import NAS

extension FuzzTarget {
    /// What stands on a drive, and what lsblk says of it: anybody may have plugged it in.
    static let nas = [
        FuzzTarget(name: "lsblk") {
            try Fixture.files("Tests/NASTests/Fixtures", [".json"])
        } read: { bytes in
            guard let devices = try? BlockDevices(lsblk: bytes) else { return }
            for device in devices.all.prefix(64) {
                let decision = DriveDecision(device.name, in: devices, mounted: nil, second: .wait)
                if case .use(let volume) = decision {
                    require(volume.device.isOnUSB, "\(device.name) is used, and is not on USB")
                    require(devices.disk(of: device)?.use == nil, "\(device.name) is used, and others use it")
                }
                let shown = (device.label ?? "").plain
                require(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "a label steers a terminal")
                _ = try? FormatPlan.disk(device.name, in: devices)
            }
        },
        FuzzTarget(name: "drive-marker") {
            [Array(#"{"deployment":"acme","schema":1,"unit":"pi-7k3m92qf"}"#.utf8)]
        } read: { bytes in
            guard let marker = DriveMarker(bytes) else { return }
            require(DriveMarker(marker.bytes) == marker, "what was read is not what is written of it")
        },
        FuzzTarget(name: "protections") {
            [Protections([.init(camera: "front", from: 1, to: 2, note: "claim 4711"), .init(from: 3, to: 4)]).bytes]
        } read: { bytes in
            guard let list = Protections(bytes) else { return }
            for time in [Int64.min, 0, 3, .max] { _ = list.keeps(Clip(path: "front/a", time: time, size: 1)) }
        },
        FuzzTarget(name: "file-system-mark") {
            [
                [UInt8](repeating: 0, count: FileSystemMark.length),
                [UInt8](repeating: 0x53, count: FileSystemMark.length),
            ]
        } read: { bytes in
            for fileSystem in DriveFileSystem.allCases { _ = FileSystemMark(fileSystem, bytes) }
        },
    ]
}
