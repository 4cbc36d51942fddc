import CLinux
import Glibc

/// Stream sockets of this machine (unix(7)).
public enum LocalSocket {
    /// Listens at a path; a socket that an ended process left there is replaced.
    ///
    /// It appears under its name only when it has its mode and listens: it is made beside it and renamed.
    ///
    /// - Parameter replaces: Whether one that still answers there gives way.
    /// - Throws: `SystemError`: EADDRINUSE when somebody listens there, ENOTSOCK when what is there is no socket.
    public static func listen(
        at path: String, mode: UInt32, replaces: Bool = false
    ) throws(SystemError) -> Descriptor {
        if let kind = FileKind(of: path, followsLinks: false) {
            guard kind == .socket else { throw SystemError(ENOTSOCK, "listen at \(path)") }
            guard replaces || !isServed(path) else { throw SystemError(EADDRINUSE, "listen at \(path)") }
        }
        let listener = try make()
        let temporary = path + ".new"
        unlink(temporary)
        guard try withAddress(temporary, { bind(listener.number, $0, $1) }) == 0, chmod(temporary, mode) == 0,
            Glibc.listen(listener.number, 32) == 0, rename(temporary, path) == 0
        else {
            let number = errno
            unlink(temporary)
            throw SystemError(number, "listen at \(path)")
        }
        return listener
    }

    /// Connects to a path.
    ///
    /// A local socket that does not answer at once has a full queue: it is not waited for longer than `patience`.
    public static func connect(to path: String, patience: Duration = .seconds(2)) throws(SystemError) -> Descriptor {
        let descriptor = try make()
        setPatience(patience, of: descriptor.number)
        guard try withAddress(path, { Glibc.connect(descriptor.number, $0, $1) }) == 0 else {
            throw SystemError(errno, "connect to \(path)")
        }
        return descriptor
    }

    /// The next who connects to a listening socket, close-on-exec; nil when nobody is there any more.
    public static func accept(on listener: Int32) -> Int32? {
        let number = linux_accept(listener)
        return number >= 0 ? number : nil
    }

    /// How long one read or write of a socket may take; then it fails with EAGAIN.
    public static func setPatience(_ patience: Duration, of socket: Int32) {
        let (seconds, attoseconds) = patience.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func isServed(_ path: String) -> Bool {
        (try? connect(to: path, patience: .milliseconds(200))) != nil
    }

    private static func make() throws(SystemError) -> Descriptor {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError(errno, "make a socket") }
        return Descriptor(owning: number)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(SystemError) -> Int32 {
        var (address, length) = try UnixAddress.make(path)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
