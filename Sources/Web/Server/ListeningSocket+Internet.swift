import Glibc
public import Platform

extension ListeningSocket {
    /// Connections that wait to be accepted.
    static let backlog: CInt = 128
    /// `IPV6_FREEBIND` of linux/in6.h, which the C library does not have.
    private static let ipv6FreeBind: CInt = 78

    /// Opens a port for the clients of another product.
    ///
    /// - Parameters:
    ///   - clients: The addresses from which they come: where all are of this machine, nothing else can reach the port.
    ///   - isSecure: Over TLS; else in the clear.
    ///
    /// Errors: as of `internet`.
    public static func foreign(port: UInt16, clients: [String], isSecure: Bool) throws(Failure) -> ListeningSocket {
        let hosts = hosts(of: clients)
        for host in hosts.dropLast() {
            do throws(Failure) { return try foreign(at: host, port: port, isSecure: isSecure) } catch {
                guard error.code == "listen.failed" else { throw error }
            }
        }
        return try foreign(at: hosts.last ?? "0.0.0.0", port: port, isSecure: isSecure)
    }

    /// Where to listen for clients: at the first of these that the kernel has.
    ///
    /// One of both families, where one client has an IPv6 address; a kernel without IPv6 serves the others all the same.
    static func hosts(of clients: [String]) -> [String] {
        let known = clients.compactMap { IPAddress($0) }
        let hasVersion6 = known.contains { $0.isVersion6 }
        let isHere = known.allSatisfy(\.isLoopback) && !(hasVersion6 && known.contains { !$0.isVersion6 })
        if isHere { return [hasVersion6 ? "::1" : "127.0.0.1"] }
        return hasVersion6 ? ["::", "0.0.0.0"] : ["0.0.0.0"]
    }

    private static func foreign(at host: String, port: UInt16, isSecure: Bool) throws(Failure) -> ListeningSocket {
        guard let address = IPAddress(host) else { throw Failure("listen.invalid", "\(host) is no address.") }
        let socket = try internet(
            ListenAddress(host: host, port: port, isSecure: isSecure, address: address), isDual: host == "::")
        switch socket.kind {
        case .loopback(let bound), .secure(let bound), .lan(let bound), .foreign(let bound):
            return ListeningSocket(socket.take(), kind: .foreign(bound), ownsFile: false)
        case .redirect, .control: return socket
        }
    }

    /// Opens an address: for TLS, or on loopback for plain HTTP.
    ///
    /// - Parameters:
    ///   - isLAN: Whether only the site's own network comes in there.
    ///   - isDual: Whether clients with IPv4 addresses come in at this IPv6 address, too, whatever the kernel does by default.
    ///   - mayComeLater: Whether the machine may get the address after this, as at boot, when no network is waited for.
    ///
    /// Errors: `Failure` `listen.address_in_use`, `listen.not_permitted` (ports below 1024), `listen.failed`.
    public static func internet(
        _ address: ListenAddress, isLAN: Bool = false, isDual: Bool = false, mayComeLater: Bool = false
    ) throws(Failure) -> ListeningSocket {
        let family = address.address.isVersion6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno, at: address) }
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        if isDual {
            var no: CInt = 0
            setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &no, socklen_t(MemoryLayout<CInt>.size))
        }
        if mayComeLater {
            let (level, option) =
                address.address.isVersion6 ? (CInt(IPPROTO_IPV6), ipv6FreeBind) : (CInt(IPPROTO_IP), CInt(IP_FREEBIND))
            setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<CInt>.size))
        }
        guard bind(descriptor, to: address) == 0, listen(descriptor, backlog) == 0 else {
            let number = errno
            close(descriptor)
            throw failure(number, at: address)
        }
        guard case .internet(let host, let port)? = SocketName(of: descriptor) else {
            close(descriptor)
            throw failure(EBADF, at: address)
        }
        let bound = ListenAddress(host: host, port: port, isSecure: address.isSecure, address: address.address)
        let kind: Kind = !address.isSecure ? .loopback(bound) : isLAN ? .lan(bound) : .secure(bound)
        return ListeningSocket(descriptor, kind: kind, ownsFile: false)
    }

    private static func bind(_ descriptor: CInt, to address: ListenAddress) -> CInt {
        if address.address.isVersion6 {
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = address.port.bigEndian
            withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: address.address.bytes) }
            return bind(descriptor, &name)
        }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = address.port.bigEndian
        withUnsafeMutableBytes(of: &name.sin_addr) { $0.copyBytes(from: address.address.bytes) }
        return bind(descriptor, &name)
    }

    static func bind<Name>(_ descriptor: CInt, _ name: inout Name) -> CInt {
        withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
            }
        }
    }

    private static func failure(_ number: CInt, at address: ListenAddress) -> Failure {
        switch number {
        case EADDRINUSE:
            let other = ListenAddress(
                host: address.host, port: address.port < UInt16.max ? address.port + 1 : 8080,
                isSecure: address.isSecure, address: address.address)
            return Failure(
                "listen.address_in_use",
                "Another program already listens on \(address); `ss -ltnp sport = :\(address.port)` tells which.",
                hint: "--listen \(other), and the rest as before",
                status: .tryAgain)
        case EACCES, EPERM:
            return Failure(
                "listen.not_permitted", "Port \(address.port) needs a privilege that this process does not have.",
                hint: "picli serve --listen \(ListenAddress.example)")
        default:
            return Failure("listen.failed", "Cannot listen on \(address): \(errorText(number)).")
        }
    }
}
