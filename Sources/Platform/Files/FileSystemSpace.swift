import Glibc
import Synchronization

/// The space of one file system in bytes (statvfs(3)).
public struct FileSystemSpace: Hashable, Sendable {
    public let size: UInt64
    /// What an ordinary process can still write, without the part reserved for root.
    public let available: UInt64

    public init(size: UInt64, available: UInt64) {
        self.size = size
        self.available = available
    }

    /// Asks the kernel.
    ///
    /// Blocks for ever when the drive behind the mount is dying: use `FileSystemSpaceReader`.
    public init(of path: String) throws(SystemError) {
        var answer = statvfs()
        guard statvfs(path, &answer) == 0 else { throw SystemError(errno, "read the space of \(path)") }
        let unit = UInt64(answer.f_frsize)
        size = UInt64(answer.f_blocks).multipliedReportingOverflow(by: unit).partialValue
        available = UInt64(answer.f_bavail).multipliedReportingOverflow(by: unit).partialValue
    }
}

/// Reads the space of mounts on a thread of its own; a mount that hangs keeps that thread and delays no other mount.
public final class FileSystemSpaceReader: Sendable {
    private struct Threads {
        /// Serves every mount that answers.
        var common = Blocking(name: "statvfs") {}
        /// Threads that a mount has kept, by mount point.
        var kept: [String: Blocking<Void>] = [:]
    }

    private let threads = Mutex(Threads())
    private let limit: Duration
    private let ask: @Sendable (String) throws -> FileSystemSpace

    /// - Parameters:
    ///   - limit: How long one mount may take.
    ///   - ask: The blocking question; `FileSystemSpace.init(of:)` unless a test asks otherwise.
    public init(
        limit: Duration = .seconds(1),
        ask: @escaping @Sendable (String) throws -> FileSystemSpace = { try FileSystemSpace(of: $0) }
    ) {
        self.limit = limit
        self.ask = ask
    }

    /// - Throws: `DeadlineExceeded` when the mount hangs, at once while an earlier question to it is still stuck.
    public func space(of path: String) async throws -> FileSystemSpace {
        let thread = threads.withLock { threads -> Blocking<Void> in
            if let kept = threads.kept[path], kept.isStuck { return kept }
            threads.kept[path] = nil
            return threads.common
        }
        do {
            return try await thread.run(within: limit) { [ask] in try ask(path) }
        } catch let error as DeadlineExceeded {
            threads.withLock { threads in
                guard threads.common === thread else { return }
                threads.kept[path] = thread
                threads.common = Blocking(name: "statvfs") {}
            }
            throw error
        }
    }
}
