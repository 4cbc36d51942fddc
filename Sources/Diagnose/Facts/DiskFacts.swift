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
    /// Whether what is stored is in memory: a card of an image whose partition `data` cannot be used.
    public var isVolatile: Bool

    public init(
        damages: [Damage] = [], messages: [String]? = [], home: [String] = ["/"], readOnly: [String] = [],
        isVolatile: Bool = false
    ) {
        self.damages = damages
        self.messages = messages
        self.home = home
        self.readOnly = readOnly
        self.isVolatile = isVolatile
    }

    init(of subject: Subject) async throws {
        let messages = subject.isPrivileged ? try await Self.messages(subject.commands) : nil
        self.init(damages: Self.damages(), messages: messages, mounts: try MountTable(), state: subject.state)
    }

    /// The root of an image is never written, and what it keeps lies below `/data`, laid over `/var` (docs/image.md).
    init(damages: [Damage], messages: [String]?, mounts table: MountTable, state: String) {
        let image = table.mount(of: state)?.type == "overlay" ? table.mounts.last { $0.point == "/data" } : nil
        let home = image.map { [$0.point] } ?? Set(["/", state].compactMap { table.mount(of: $0)?.point }).sorted()
        self.init(
            damages: damages, messages: messages, home: home,
            readOnly: table.mounts.filter { home.contains($0.point) && $0.isFileSystemReadOnly }.map(\.point),
            isVolatile: image?.type == "tmpfs")
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
