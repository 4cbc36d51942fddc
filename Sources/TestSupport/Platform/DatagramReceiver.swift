import Glibc
import Platform

/// A Unix datagram socket that receives what a program tells systemd.
public final class DatagramReceiver: Sendable {
    /// For `NOTIFY_SOCKET`.
    public let name: String
    private let descriptor: Int32
    private let thread = Blocking(name: "datagrams") {}

    /// - Parameter name: A path, or `@name` in the abstract namespace.
    public init(_ name: String) {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if name.hasPrefix("@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (name.hasPrefix("@") ? 0 : 1)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
        }
        guard descriptor >= 0, bound == 0 else { fatalError("cannot listen on \(name): \(errno)") }
    }

    deinit { close(descriptor) }

    /// The next datagram; nil when none comes within ten seconds.
    public func receive() async -> String? {
        (try? await thread.run(within: .seconds(11)) { [self] in receive(flags: 0) }) ?? nil
    }

    /// A datagram that is already there, else nil.
    public func receiveNow() -> String? { receive(flags: Int32(MSG_DONTWAIT)) }

    private func receive(flags: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, flags)
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}
