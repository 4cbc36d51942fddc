import Glibc
import Platform

/// What is recorded, for who looks at it: the index is asked, and of the drive nothing but the clip that is read.
///
/// Neither holds up who asks: each has a thread of its own, and a drive that hangs is not waited for.
public struct FootageArchive: Sendable {
    private let index: Blocking<FootageIndex>
    private let drive: Blocking<Void>
    private let top: String

    /// An answer of the index takes milliseconds, unless the machine is under water.
    private static let patience = Duration.seconds(10)
    /// A drive that starts from rest takes some seconds.
    private static let drivePatience = Duration.seconds(20)

    /// - Parameter top: The unit's folder on the drive.
    public init(_ index: FootageIndex, top: String) {
        self.index = Blocking(name: "footage index") { index }
        drive = Blocking(name: "footage clips") {}
        self.top = top
    }

    /// What each camera has recorded.
    public func cameras() async throws -> [CameraTotal] {
        try await index.run(within: Self.patience) { try $0.cameras() }
    }

    /// The same by quarters of an hour, oldest first.
    public func quarters() async throws -> [FootageQuarter] {
        try await index.run(within: Self.patience) { try $0.quarters() }
    }

    /// Clips, newest first.
    public func clips(_ query: ClipQuery) async throws -> [ListedClip] {
        try await index.run(within: Self.patience) { try $0.clips(query) }
    }

    /// A clip that the index knows, as it is on the drive now; nil for any other.
    ///
    /// - Throws: `DeadlineExceeded` for a drive that hangs; `SystemError` for one that fails.
    public func file(_ path: String) async throws -> ClipFile? {
        guard try await index.run(within: Self.patience, { try $0.clip(at: path) }) != nil else { return nil }
        let top = top
        return try await drive.run(within: Self.drivePatience) { _ in try Self.file(path, below: top) }
    }

    private static func file(_ path: String, below top: String) throws(SystemError) -> ClipFile? {
        do throws(SystemError) { return try ClipFile(path, below: top) } catch {
            guard [ENOENT, ENOTDIR, ELOOP].contains(error.number) else { throw error }
            return nil
        }
    }

    /// Some bytes of it; fewer where it ends.
    ///
    /// - Throws: `DeadlineExceeded`; `SystemError`, with ESTALE when another content has taken its place.
    public func bytes(of file: ClipFile, from start: Int64, _ count: Int) async throws -> [UInt8] {
        let top = top
        return try await drive.run(within: Self.drivePatience) { _ in
            try file.bytes(from: start, count, below: top)
        }
    }
}
