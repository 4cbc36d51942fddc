import Glibc
public import Platform
import Site

/// A TCP socket on which Modbus clients connect, waited at by a thread of its own.
public actor ModbusListener {
    private let executor = BlockingExecutor(name: "modbus-accept")
    private let socket: Descriptor
    private let wakeUp: WakeUp

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let limits: ModbusLimits

    /// Takes a socket that listens already, from systemd.
    public init(_ descriptor: Int32, limits: ModbusLimits = .init()) throws(SystemError) {
        try self.init(Descriptor(owning: descriptor), limits)
    }

    private init(_ socket: consuming Descriptor, _ limits: ModbusLimits) throws(SystemError) {
        wakeUp = try WakeUp()
        // A client that has gone between poll(2) and accept(2) would hold the thread, and with it the end of the service.
        _ = fcntl(socket.number, F_SETFL, fcntl(socket.number, F_GETFL) | O_NONBLOCK)
        self.socket = socket
        self.limits = limits
    }

    /// Listens on every address of the machine; on 127.0.0.1 alone where every client comes from there.
    ///
    /// - Throws: `SystemError`: the port is taken, or needs a privilege.
    public init(port: Int, isLoopback: Bool, limits: ModbusLimits = .init()) throws(SystemError) {
        try self.init(try Self.socket(port, isLoopback), limits)
    }

    /// Of both families where the kernel has both.
    private static func socket(_ port: Int, _ isLoopback: Bool) throws(SystemError) -> Descriptor {
        // Loopback is two addresses in IPv6, and one socket has one.
        guard !isLoopback else { return try version4(port, isLoopback) }
        do throws(SystemError) { return try version6(port) } catch {
            guard [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.number) else { throw error }
            return try version4(port, isLoopback)
        }
    }

    private static func version6(_ port: Int) throws(SystemError) -> Descriptor {
        let number = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError(errno, "make a socket") }
        let socket = Descriptor(owning: number)
        var no: Int32 = 0
        setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = UInt16(truncatingIfNeeded: port).bigEndian
        try listen(number, at: &name, port)
        return socket
    }

    private static func version4(_ port: Int, _ isLoopback: Bool) throws(SystemError) -> Descriptor {
        let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError(errno, "make a socket") }
        let socket = Descriptor(owning: number)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        name.sin_addr.s_addr = UInt32(isLoopback ? 0x7F00_0001 : 0).bigEndian
        try listen(number, at: &name, port)
        return socket
    }

    private static func listen<Name>(_ number: Int32, at name: inout Name, _ port: Int) throws(SystemError) {
        var yes: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<Name>.size)) == 0
            }
        }
        guard isBound, Glibc.listen(number, 8) == 0 else { throw SystemError(errno, "listen on port \(port)") }
    }

    /// The next client that is admitted; nil when the caller is cancelled.
    ///
    /// Whoever is not finds the connection closed before anything is made for it: no thread, no memory.
    ///
    /// - Throws: `SystemError`: the process or the machine has no room for one more.
    nonisolated func next(
        admitting admits: @escaping @Sendable (IPAddress) -> Bool
    ) async throws -> ModbusConnection? {
        try await withTaskCancellationHandler {
            try await accept(admits)
        } onCancel: {
            wakeUp.ring()
        }
    }

    private func accept(_ admits: @Sendable (IPAddress) -> Bool) throws(SystemError) -> ModbusConnection? {
        while !Task.isCancelled {
            var waits = [
                pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waits, 2, -1) > 0, waits[0].revents != 0 else { continue }
            if let number = LocalSocket.accept(on: socket.number) {
                let client = Descriptor(owning: number)
                guard let peer = ModbusAddress.peer(of: number), admits(peer) else { continue }
                return try ModbusConnection(client, from: peer, limits)
            }
            let error = errno
            // The client has gone meanwhile; anything else would come again at once.
            guard [ECONNABORTED, EINTR, EAGAIN].contains(error) else { throw SystemError(error, "accept a client") }
        }
        return nil
    }
}
