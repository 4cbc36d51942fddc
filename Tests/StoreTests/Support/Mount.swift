import Foundation

/// A small disk of its own, where the machine lets us mount one (root in a container that may).
final class SmallDisk: Sendable {
    let directory: String

    /// nil when mounting is not permitted.
    init?(kilobytes: Int) {
        directory = FileManager.default.temporaryDirectory.path + "/picli-disk-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", directory) else {
            try? FileManager.default.removeItem(atPath: directory)
            return nil
        }
    }

    deinit {
        _ = Self.run("umount", "-l", directory)
        try? FileManager.default.removeItem(atPath: directory)
    }

    static let isPermitted = SmallDisk(kilobytes: 64) != nil

    func remount(_ options: String) -> Bool { Self.run("mount", "-o", "remount,\(options)", directory) }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
