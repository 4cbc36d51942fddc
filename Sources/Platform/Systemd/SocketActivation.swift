import Glibc

/// A listening socket that systemd opened for this process (`FileDescriptorName=` of its socket unit).
public struct ActivatedSocket: Hashable, Sendable {
    /// `FileDescriptorName=`; `unknown` when systemd gave none.
    public let name: String
    public let descriptor: Int32

    /// The sockets that were passed, made close-on-exec; empty when this process was not started by a socket unit.
    ///
    /// Call once, early: later the numbers may belong to others.
    /// - Parameter first: Where the descriptors begin, by sd_listen_fds(3).
    /// - Throws: `socket.invalid` when what was passed is not a socket.
    public static func inherited(
        environment: [String: String], process: Int32? = nil, first: Int32 = 3
    ) throws(Failure) -> [ActivatedSocket] {
        guard environment["LISTEN_PID"] == String(process ?? getpid()), let text = environment["LISTEN_FDS"],
            let count = Int32(text), (1...1024).contains(count)
        else { return [] }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        var sockets: [ActivatedSocket] = []
        for index in 0..<count {
            let descriptor = first + index
            let name = Int(index) < names.count ? String(names[Int(index)]) : "unknown"
            guard isListening(descriptor), fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
                throw Failure(
                    "socket.invalid", "Descriptor \(descriptor) (\(name)) from systemd is not a listening socket.",
                    hint: "check the .socket unit: it needs Accept=no")
            }
            sockets.append(ActivatedSocket(name: name, descriptor: descriptor))
        }
        return sockets
    }

    private static func isListening(_ descriptor: Int32) -> Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0
    }
}
