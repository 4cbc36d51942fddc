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
        var sockets: [ActivatedSocket] = []
        for passed in InheritedDescriptor.all(environment: environment, process: process, first: first) {
            guard isListening(passed.number), fcntl(passed.number, F_SETFD, FD_CLOEXEC) == 0 else {
                throw Failure(
                    "socket.invalid",
                    "Descriptor \(passed.number) (\(passed.name)) from systemd is not a listening socket.",
                    hint: "check the .socket unit: it needs Accept=no")
            }
            sockets.append(ActivatedSocket(name: passed.name, descriptor: passed.number))
        }
        return sockets
    }

    private static func isListening(_ descriptor: Int32) -> Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0
    }
}
