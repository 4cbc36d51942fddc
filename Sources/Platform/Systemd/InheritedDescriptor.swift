import Glibc

/// A descriptor that systemd gave to this process: a socket that it opened, or what an earlier process of the service
/// handed to it (`ServiceNotifier.keep`).
public struct InheritedDescriptor: Hashable, Sendable {
    /// `FDNAME`; `unknown` when systemd gave none.
    public let name: String
    public let number: Int32

    /// All that were passed, by sd_listen_fds_with_names(3), made close-on-exec.
    ///
    /// Call once, early: later the numbers may belong to others.
    /// - Parameter first: Where the descriptors begin.
    public static func all(
        environment: [String: String], process: Int32? = nil, first: Int32 = 3
    ) -> [InheritedDescriptor] {
        guard environment["LISTEN_PID"] == String(process ?? getpid()), let text = environment["LISTEN_FDS"],
            let count = Int32(text), (1...1024).contains(count)
        else { return [] }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        return (0..<count).map { index in
            _ = fcntl(first + index, F_SETFD, FD_CLOEXEC)
            let name = Int(index) < names.count ? String(names[Int(index)]) : "unknown"
            return InheritedDescriptor(name: name, number: first + index)
        }
    }
}
