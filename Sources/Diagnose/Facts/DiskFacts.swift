import Foundation
import Platform

/// What the kernel has to say of the disks and their file systems.
public struct DiskFacts: Hashable, Sendable {
    /// A file system of type ext4 in which errors were found.
    public struct Damage: Hashable, Sendable {
        /// `mmcblk0p2`.
        public var device: String
        public var errors: Int

        public init(device: String, errors: Int) {
            self.device = device
            self.errors = errors
        }
    }

    public var damages: [Damage]
    /// Messages of this boot that tell of failed reading or writing, the newest last; nil when this user may not see them.
    public var messages: [String]?
    /// Where the state directory is, and the root: the mount points that the unit lives on.
    public var home: [String]
    /// Mount points whose file system is read-only, and nobody asked for it.
    public var readOnly: [String]

    public init(damages: [Damage] = [], messages: [String]? = [], home: [String] = ["/"], readOnly: [String] = []) {
        self.damages = damages
        self.messages = messages
        self.home = home
        self.readOnly = readOnly
    }

    init(of subject: Subject) async throws {
        damages = Self.damages()
        messages = subject.isPrivileged ? try await Self.messages(subject.commands) : nil
        let table = try MountTable()
        home = Set(["/", subject.state].compactMap { table.mount(of: $0)?.point }).sorted()
        let homes = home
        readOnly = table.mounts.filter { homes.contains($0.point) && $0.isFileSystemReadOnly }.map(\.point)
    }

    /// `errors_count` of each ext4 (kernel: Documentation/ABI/testing/sysfs-fs-ext4).
    private static func damages() -> [Damage] {
        let folder = "/sys/fs/ext4"
        return ((try? SmallFile.names(in: folder)) ?? []).compactMap { device in
            let text = try? SmallFile.text(at: "\(folder)/\(device)/errors_count", limit: 32)
            guard let count = text.flatMap({ Int($0) }), count > 0 else { return nil }
            return Damage(device: device, errors: count)
        }
    }

    private static let signs = ["I/O error, dev", "Buffer I/O error", "EXT4-fs error", "mmcblk0: error", "card stuck"]

    private static func messages(_ commands: any CommandRunner) async throws -> [String]? {
        let command = Command(
            "journalctl", ["-k", "-b", "-q", "-o", "cat", "--no-pager", "-p", "4", "-n", "2000"], timeout: .seconds(4),
            outputLimit: 1 << 20)
        guard let text = try? await commands.run(command).text else { return nil }
        return text.split(separator: "\n").map(String.init).filter { line in signs.contains { line.contains($0) } }
    }
}

extension MountTable {
    /// The mount that a path is on: the longest point that leads to it, the last one there.
    func mount(of path: String) -> Mount? {
        let candidates = mounts.enumerated().filter { _, mount in
            mount.point == "/" || path == mount.point || path.hasPrefix(mount.point + "/")
        }
        return candidates.max {
            ($0.element.point.utf8.count, $0.offset) < ($1.element.point.utf8.count, $1.offset)
        }?.element
    }
}
