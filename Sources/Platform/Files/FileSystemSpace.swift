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
    private final class Worker: Sendable {
        let thread = Blocking(name: "statvfs") {}
        /// Which mount the thread is asking about.
        let current = Mutex<String?>(nil)
    }

    private struct Workers {
        /// Serves every mount that answers.
        var common = Worker()
        /// Workers that a mount has kept, by mount point.
        var kept: [String: Worker] = [:]

        mutating func worker(for path: String) -> Worker {
            if let kept = kept[path], kept.thread.isStuck { return kept }
            kept[path] = nil
            return common
        }

        /// Gives a stuck worker to the mount that keeps it; the mount points that are late through no fault of theirs
        /// get another one.
        mutating func leave(_ worker: Worker, to path: String) {
            guard common === worker else { return }
            kept[path] = worker
            common = Worker()
        }
    }

    private let workers = Mutex(Workers())
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

    /// Asks about the file system that is mounted at `path`.
    ///
    /// - Throws: `DeadlineExceeded` when the mount hangs, at once while an earlier question to it is still stuck.
    public func space(of path: String) async throws -> FileSystemSpace {
        while true {
            let worker = workers.withLock { $0.worker(for: path) }
            do {
                return try await worker.thread.run(within: limit) { [ask] in
                    worker.current.withLock { $0 = path }
                    defer { worker.current.withLock { $0 = nil } }
                    return try ask(path)
                }
            } catch let error as DeadlineExceeded {
                let culprit = worker.current.withLock { $0 } ?? path
                workers.withLock { $0.leave(worker, to: culprit) }
                // Late only because it waited behind another mount: asked again, elsewhere.
                if culprit == path { throw error }
            }
        }
    }
}
