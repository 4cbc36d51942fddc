import Glibc
import Platform

/// What waits to be installed.
public struct UpdateFacts: Hashable, Sendable {
    /// Packages with a newer version that closes a hole.
    public var security: [String]
    /// Days since the lists of packages were fetched.
    public var age: Int

    public init(security: [String] = [], age: Int = 0) {
        self.security = security
        self.age = age
    }

    init(of subject: Subject) async throws {
        let folder = "/var/lib/apt/lists"
        let lists = ((try? SmallFile.names(in: folder)) ?? []).filter { $0.contains("_Packages") }
        guard !lists.isEmpty else { throw NotHere("no lists of packages were fetched") }
        let newest = lists.compactMap { name -> Int64? in
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 ? Int64(status.st_mtim.tv_sec) : nil
        }.max()
        let days = newest.map { Int(max(0, KernelClock.wall() / 1000 - $0) / 86_400) } ?? 0
        let command = Command(
            "apt-get", ["-s", "-q", "-o", "Debug::NoLocking=1", "upgrade"], timeout: .seconds(7), outputLimit: 1 << 20)
        do {
            self.init(security: Self.security(try await subject.commands.run(command).text), age: days)
        } catch let error as CommandError {
            // A machine that is busy reads the lists of packages for long: that is no fault of the unit.
            guard case .timeout = error.reason else { throw error }
            throw NotHere("apt-get was too slow; type apt-get -s upgrade")
        }
    }

    /// `Inst openssl [3.0.11-1] (3.0.15-1 Debian-Security:12/stable-security [arm64])`.
    static func security(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("Inst ") && $0.lowercased().contains("-security") }
            .compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    }
}
