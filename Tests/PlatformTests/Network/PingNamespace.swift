import Foundation
import Testing

/// A network of a thread's own, with a loopback and with ping sockets for some groups.
enum PingNamespace {
    /// Making one is root's.
    static let isPossible = geteuid() == 0

    /// Runs `body` in a new one.
    ///
    /// - Parameter groups: `net.ipv4.ping_group_range`, which each network has for itself.
    static func run<Value: Sendable>(
        groups: String = "0 2147483647", _ body: @escaping @Sendable () throws -> Value
    ) throws -> Value {
        let result = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            result.value = Result {
                try enter(groups)
                return try body()
            }
            done.signal()
        }
        thread.start()
        done.wait()
        return try #require(result.value).get()
    }

    // One thread writes, the other reads after the semaphore.
    private final class Box<Value>: @unchecked Sendable { var value: Result<Value, any Error>? }

    private static func enter(_ groups: String) throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        let unshare = unsafeBitCast(try #require(dlsym(nil, "unshare")), to: Unshare.self)
        // CLONE_NEWNET of linux/sched.h; of this thread alone.
        try #require(unshare(0x4000_0000) == 0, "errno \(errno)")
        let up = Process()
        up.executableURL = URL(filePath: "/usr/sbin/ip")
        up.arguments = ["link", "set", "lo", "up"]
        try up.run()
        up.waitUntilExit()
        try #require(up.terminationStatus == 0)
        try Data(groups.utf8).write(to: URL(filePath: "/proc/sys/net/ipv4/ping_group_range"))
    }
}
