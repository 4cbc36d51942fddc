import NAS
import Platform

/// The answer of `picli nas status`.
struct NASStatusDocument: Answer {
    struct Space: Encodable {
        let size: UInt64
        let available: UInt64
    }

    var schema = 1
    /// Whether a drive is in its place and takes data.
    let recording: Bool
    /// nil: none is in its place.
    let drive: DriveDocument?
    /// nil: it did not answer in time, or there is none.
    let space: Space?
    /// Left out while the unit does not run.
    let cameras: [CameraNews]?
    /// The other drives on USB.
    let others: [DriveDocument]
    /// Where footage lies that an older installation left on the card; nil where there is none.
    let found: String?

    init(_ drives: [DriveDocument], space: FileSystemSpace?, cameras: [CameraNews]? = nil, hasFound: Bool) {
        self.cameras = cameras
        drive = drives.first { $0.state == "attached" || $0.state == "read_only" }
        recording = drive?.state == "attached"
        self.space = space.map { Space(size: $0.size, available: $0.available) }
        let present = drive?.device
        others = drives.filter { $0.usb && $0.device != present }
        found = hasFound ? MountPoint.found : nil
    }

    /// A drive that is dying does not answer: it is not waited for.
    static func space(of mounted: FootageMount?) async -> FileSystemSpace? {
        guard mounted != nil else { return nil }
        return try? await withDeadline(.seconds(2)) { try FileSystemSpace(of: FootageMount.point) }
    }

    func text(for terminal: Terminal) -> String {
        var lines: [String] = []
        if let drive {
            let name = [drive.model?.plain, DriveSize.text(drive.size), drive.fileSystem?.plain].compactMap(\.self)
            let verb = recording ? "Cameras record to" : "Cameras cannot record to"
            lines.append("\(verb) \(drive.device): \(name.joined(separator: ", ")).")
            if let space {
                lines.append("Free: \(DriveSize.text(space.available)) of \(DriveSize.text(space.size)).")
            } else {
                lines.append("The drive does not say in time what is free on it.")
            }
            if !recording { lines += Self.why(drive) }
            lines += (cameras ?? []).map(\.text)
        } else {
            lines.append(others.isEmpty ? "No drive is plugged in." : "No drive is in its place.")
        }
        for other in others where other.state != "left" {
            lines.append("\(other.device): \(other.state.replacing("_", with: " ")).")
            lines += Self.why(other)
        }
        if let found {
            lines.append("Footage of an older installation lies on the card, in \(found). Try: picli nas recover")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func why(_ drive: DriveDocument) -> [String] {
        [drive.reason, drive.hint.map { "Try: \($0)" }].compactMap(\.self).map { "  \($0)" }
    }
}
