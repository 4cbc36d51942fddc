import Glibc
public import Platform
import Synchronization

/// A socket that is open for connections before anything else of the service starts, so that a port in use is told
/// at once.
///
/// Closed when it goes out of use without having been served.
public final class ListeningSocket: Sendable {
    public enum Kind: Hashable, Sendable {
        /// Plain HTTP on a loopback address.
        case loopback(ListenAddress)
        /// TLS, and accounts.
        case secure(ListenAddress)
        /// The same, where only the site's own network comes in.
        case lan(ListenAddress)
        /// For the clients of another product, in the clear or over TLS.
        case foreign(ListenAddress)
        /// Plain HTTP that the network can reach: it says nothing but where TLS is.
        case redirect(port: UInt16)
        /// HTTP over a Unix socket; the role follows from who connects.
        case control(path: String)
    }

    public let kind: Kind
    /// Whether it speaks TLS.
    public var isSecure: Bool { kind.isSecure }
    /// nil at the control socket.
    public var port: UInt16? {
        switch kind {
        case .loopback(let address), .secure(let address), .lan(let address), .foreign(let address): address.port
        case .redirect: 80
        case .control: nil
        }
    }
    /// -1 once it was given away.
    private let descriptor: Mutex<CInt>
    /// Whether the socket's file is ours to remove.
    private let ownsFile: Bool

    init(_ descriptor: CInt, kind: Kind, ownsFile: Bool) {
        self.kind = kind
        self.descriptor = Mutex(descriptor)
        self.ownsFile = ownsFile
    }

    deinit {
        let descriptor = take()
        guard descriptor >= 0 else { return }
        close(descriptor)
        removeFile()
    }

    /// Hands the descriptor over to whoever serves it.
    func take() -> CInt {
        descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
    }

    func removeFile() {
        if ownsFile, case .control(let path) = kind { unlink(path) }
    }

    /// A socket that was opened by systemd (`LISTEN_FDS`, sd_listen_fds(3)): a Unix socket is the control socket, one of
    /// port 80 sends everybody to TLS, any other TCP socket speaks TLS, or plain HTTP when it is bound to a loopback
    /// address.
    public static func inherited(_ descriptor: CInt) throws(Failure) -> ListeningSocket {
        guard let address = SocketName(of: descriptor) else {
            throw Failure(
                "listen.inherited", "Descriptor \(descriptor) is not a listening TCP or Unix socket.",
                hint: "check ListenStream= of the socket unit")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        switch address {
        case .unix(let path):
            return ListeningSocket(descriptor, kind: .control(path: path), ownsFile: false)
        case .internet(let host, let port):
            guard let address = IPAddress(host) else { throw Failure("listen.inherited", "\(host) is no address.") }
            let listen = ListenAddress(host: host, port: port, isSecure: !address.isLoopback, address: address)
            let kind: Kind =
                address.isLoopback ? .loopback(listen) : port == 80 ? .redirect(port: 443) : .secure(listen)
            return ListeningSocket(descriptor, kind: kind, ownsFile: false)
        }
    }
}

/// The name a socket is bound to (getsockname(2)).
enum SocketName: Hashable {
    case unix(path: String)
    case internet(host: String, port: UInt16)

    init?(of descriptor: CInt) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout.size(ofValue: storage))
        let asked = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard asked == 0 else { return nil }
        let named: SocketName? = withUnsafePointer(to: &storage) { pointer in
            switch CInt(pointer.pointee.ss_family) {
            case AF_UNIX:
                return pointer.withMemoryRebound(to: sockaddr_un.self, capacity: 1) { address in
                    let path = withUnsafeBytes(of: address.pointee.sun_path) { Array($0.prefix { $0 != 0 }) }
                    return .unix(path: String(decoding: path, as: UTF8.self))
                }
            case AF_INET:
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                    var host = address.pointee.sin_addr
                    let port = UInt16(bigEndian: address.pointee.sin_port)
                    return Self.text(AF_INET, &host).map { .internet(host: $0, port: port) }
                }
            case AF_INET6:
                return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    var host = address.pointee.sin6_addr
                    let port = UInt16(bigEndian: address.pointee.sin6_port)
                    return Self.text(AF_INET6, &host).map { .internet(host: $0, port: port) }
                }
            default: return nil
            }
        }
        guard let named else { return nil }
        self = named
    }

    private static func text(_ family: CInt, _ address: UnsafeRawPointer) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// What errno says, in the C library's words.
func errorText(_ number: CInt) -> String { String(cString: strerror(number)) }
