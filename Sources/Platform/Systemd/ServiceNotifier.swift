import CLinux
import Glibc

/// Tells systemd how a service of `Type=notify` is (sd_notify(3)): one datagram to the socket of `NOTIFY_SOCKET`.
public struct ServiceNotifier: Sendable {
    public enum Message: Hashable, Sendable {
        /// Starting is finished.
        case ready
        case stopping
        /// The service has seen progress: the watchdog starts counting again.
        case alive
        /// One line for `systemctl status`.
        case status(String)
        /// Starting or stopping needs this long from now on.
        case extendTimeout(Duration)

        fileprivate var assignment: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            // A newline would begin another assignment.
            case .status(let text): "STATUS=" + String(text.map { $0.isNewline ? " " : $0 })
            case .extendTimeout(let duration): "EXTEND_TIMEOUT_USEC=\(duration.microseconds)"
            }
        }
    }

    private let socketName: String
    /// How often systemd wants `.alive` at least (`WatchdogSec=`); nil when nobody waits for it.
    public let watchdogInterval: Duration?

    /// Nil when no service manager listens: not started by systemd, or not with `Type=notify`.
    public init?(environment: [String: String], process: Int32? = nil) {
        guard let name = environment["NOTIFY_SOCKET"], name.hasPrefix("/") || name.hasPrefix("@"), name.count > 1 else {
            return nil
        }
        socketName = name
        watchdogInterval = Self.watchdogInterval(environment, process ?? getpid())
    }

    /// sd_watchdog_enabled(3): `WATCHDOG_USEC`, unless `WATCHDOG_PID` names another process.
    private static func watchdogInterval(_ environment: [String: String], _ process: Int32) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 0 else {
            return nil
        }
        if let owner = environment["WATCHDOG_PID"], owner != String(process) { return nil }
        return .microseconds(microseconds)
    }

    /// Sends the messages in one datagram; never blocks.
    public func send(_ messages: Message...) throws(SystemError) { try send(messages) }

    public func send(_ messages: [Message]) throws(SystemError) {
        try send(messages.map(\.assignment).joined(separator: "\n"))
    }

    /// Hands a descriptor to systemd, which keeps it open and gives it to the service's next process
    /// (`FileDescriptorStoreMax=`).
    ///
    /// Said again with the same descriptor, nothing changes.
    ///
    /// - Parameter name: Printable ASCII without a colon; the next process finds it in `InheritedDescriptor`.
    public func keep(_ descriptor: Int32, as name: String) throws(SystemError) {
        // Not polled: a line whose chip is gone is the next process' to find.
        try send("FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)", beside: descriptor)
    }

    /// Has systemd close what it keeps under a name.
    public func forget(_ name: String) throws(SystemError) { try send("FDSTOREREMOVE=1\nFDNAME=\(name)") }

    private func send(_ text: String, beside descriptor: Int32? = nil) throws(SystemError) {
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError(errno, "make a socket") }
        let sender = Descriptor(owning: number)
        var (address, length) = try UnixAddress.make(socketName)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                if let descriptor {
                    linux_send_descriptor(
                        sender.number, address, length, text, UInt64(text.utf8.count), descriptor)
                } else {
                    sendto(
                        sender.number, text, text.utf8.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), address, length)
                }
            }
        }
        guard sent == text.utf8.count else { throw SystemError(errno, "notify \(socketName)") }
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
