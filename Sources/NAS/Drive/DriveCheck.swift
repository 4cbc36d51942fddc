public import Platform

/// The check of a file system before it is used: repairs what can be repaired without a choice, within a time.
public struct DriveCheck: Hashable, Sendable {
    /// What came of it.
    public enum Verdict: Hashable, Sendable {
        /// It may be written to.
        case sound
        case repaired
        /// It is to be left as it is and only read, with the reason.
        case readOnly(String)
    }

    /// Longer than a drive of some terabytes takes; below the time that systemd gives the service.
    static let limit = Duration.seconds(600)

    public let fileSystem: DriveFileSystem
    /// The device's path.
    public let device: String

    /// nil where there is nothing to check: it was put away in order, or its driver does that itself.
    public init?(_ fileSystem: DriveFileSystem, at device: String, mark: FileSystemMark) {
        guard mark != .clean, fileSystem != .ntfs else { return nil }
        self.fileSystem = fileSystem
        self.device = device
    }

    /// Never asks, and never deletes what a person might want back: `-p` gives up where there is a choice.
    public var command: Command {
        switch fileSystem {
        case .ext4: Command("e2fsck", ["-p", device], timeout: Self.limit, expected: Self.statuses)
        case .exfat: Command("fsck.exfat", ["-p", device], timeout: Self.limit, expected: Self.statuses)
        // Ends with 1 for what it has repaired and for what it has left: `confirmation` tells them apart.
        case .vfat, .ntfs: Command("fsck.fat", ["-a", device], timeout: Self.limit, expected: Self.statuses)
        }
    }

    /// A second look, which changes nothing, where the first does not tell what came of it.
    public func confirmation(after status: Int32) -> Command? {
        guard fileSystem == .vfat, status == 1 else { return nil }
        return Command("fsck.fat", ["-n", device], timeout: Self.limit, expected: Self.statuses)
    }

    /// Every status is an answer (fsck(8)): 1 repaired, 4 errors left, 8 it could not look.
    private static let statuses = Set<Int32>(0...255)

    /// - Parameters:
    ///   - status: Of `command`.
    ///   - confirmed: Of `confirmation`, where there is one.
    public func verdict(_ status: Int32, confirmed: Int32? = nil) -> Verdict {
        if status == 0 { return .sound }
        if status & ~3 == 0, confirmed ?? 0 == 0 { return .repaired }
        return .readOnly("its \(fileSystem.title) file system has errors that only a person may repair")
    }
}
