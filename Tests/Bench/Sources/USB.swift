public import Foundation

extension Bench {
    /// The USB ports.
    public nonisolated var usb: USB { USB(bench: self) }
}

/// Mass storage on the machine's USB 3 controller.
public struct USB: Sendable {
    let bench: Bench

    /// Plugs in a drive; the image is written to in place.
    ///
    /// - Parameters:
    ///   - isReadOnly: Its switch says so.
    ///   - isPaced: How fast it is can be changed (`Drive.pace`).
    @discardableResult
    public func plug(
        _ image: URL, as name: String = "stick", isReadOnly: Bool = false, isPaced: Bool = false
    ) async throws -> Drive {
        let monitor = try await bench.monitor()
        let file: [String: any Sendable] = ["driver": "file", "filename": image.path, "read-only": isReadOnly]
        var medium: [String: any Sendable] = [
            "driver": "raw", "node-name": "\(name)-medium", "read-only": isReadOnly, "file": file,
        ]
        if isPaced {
            try await monitor.execute(
                "object-add", ["qom-type": "throttle-group", "id": "\(name)-pace", "limits": ["bps-total": 0]])
            medium["driver"] = "throttle"
            medium["throttle-group"] = "\(name)-pace"
        }
        try await monitor.execute("blockdev-add", medium)
        try await monitor.execute(
            "device_add",
            [
                "driver": "usb-storage", "id": name, "drive": "\(name)-medium", "bus": "usb.0", "removable": true,
                "serial": name,
            ])
        return Drive(bench: bench, name: name)
    }

    /// An empty image, which takes room only as it is filled.
    public static func image(megabytes: Int, in folder: URL) throws -> URL {
        let file = folder.appending(path: "\(UUID().uuidString).img")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
            throw BenchFailure("\(file.path) cannot be made")
        }
        try FileHandle(forWritingTo: file).truncate(atOffset: UInt64(megabytes) << 20)
        return file
    }
}

/// A plugged-in drive.
public struct Drive: Sendable {
    let bench: Bench
    public let name: String

    /// Lets a drive that was plugged in `isPaced` take and give so many bytes a second; at one it hangs.
    public func pace(_ bytesPerSecond: Int) async throws {
        try await bench.monitor().execute(
            "qom-set",
            ["path": "/objects/\(name)-pace", "property": "limits", "value": ["bps-total": bytesPerSecond]])
    }

    /// Pulls it out without a word to anybody.
    public func yank() async throws {
        let monitor = try await bench.monitor()
        try await monitor.execute("device_del", ["id": name])
        try await eventually("the drive is free", poll: .milliseconds(20)) {
            (try? await monitor.execute("blockdev-del", ["node-name": "\(name)-medium"])) != nil
        }
    }
}
