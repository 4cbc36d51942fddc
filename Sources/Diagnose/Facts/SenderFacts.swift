import Glibc
import Platform
import Site
import Store

/// Who sends log lines.
enum SendersLook {
    static func document(_ subject: Subject) async throws -> LogSourcesDocument {
        guard let logs = subject.logs else { throw NotHere("there is neither a running unit nor its files") }
        return try await logs.sources()
    }
}

/// Where log lines wait between rsyslogd and the unit.
public struct SpoolFacts: Hashable, Sendable {
    public var exists: Bool
    /// Bytes of all files that wait.
    public var waiting: Int64
    /// Milliseconds since the oldest of them was last written to.
    public var oldest: Int64?

    public init(exists: Bool = true, waiting: Int64 = 0, oldest: Int64? = nil) {
        self.exists = exists
        self.waiting = waiting
        self.oldest = oldest
    }

    private static let folder = "/run/picli-logs"

    init(of subject: Subject) throws {
        guard subject.isInstalled else { throw NotHere("this unit is not a service of the machine") }
        guard FileKind(of: Self.folder) == .directory else {
            self.init(exists: false)
            return
        }
        let names: [String]
        do { names = try SmallFile.names(in: Self.folder) } catch {
            throw NotHere("\(Self.folder) is closed to this user")
        }
        var waiting: Int64 = 0
        var oldest: Int64?
        for name in names where name.hasSuffix(".log") {
            var status = stat()
            guard stat("\(Self.folder)/\(name)", &status) == 0 else { continue }
            waiting += Int64(status.st_size)
            let age = KernelClock.wall() - Int64(status.st_mtim.tv_sec) * 1000
            oldest = max(oldest ?? age, age)
        }
        self.init(waiting: waiting, oldest: oldest)
    }
}
