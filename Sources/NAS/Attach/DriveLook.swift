import Glibc
import Platform

/// A look at what is on a drive, mounted where nobody else looks, in a way that changes nothing on it.
struct DriveLook: Sendable {
    private static let point = "\(DriveRecords.folder)/look"

    let root: SystemRoot
    let commands: any CommandRunner

    /// - Throws: `nas.unreadable`.
    func content(of volume: DriveVolume) async throws -> DriveContent {
        try root.makeDirectory(Self.point, mode: 0o700, owner: nil)
        await leave()
        do {
            _ = try await commands.run(
                Command(
                    "mount",
                    [
                        "-t", volume.fileSystem.driver, "-o", volume.fileSystem.lookingOptions, volume.device.path,
                        Self.point,
                    ],
                    timeout: .seconds(60)))
        } catch let error as CommandError {
            throw Failure(
                "nas.unreadable", "\(volume.device.path) cannot be read: \(error).",
                hint: "picli nas format \(volume.device.name), when nothing on it is needed")
        }
        let content = Result { try DriveContent(at: root.shown(Self.point)) }
        await leave()
        return try content.get()
    }

    /// Lazily where it must be: a drive may be pulled out while it is looked at.
    func leave() async {
        for arguments in [[Self.point], ["--lazy", Self.point]] {
            guard (try? MountTable())?.mounts.contains(where: { $0.point == Self.point }) == true else { return }
            _ = try? await commands.run(Command("umount", arguments, timeout: .seconds(10), expected: [0, 1, 32]))
        }
    }
}
