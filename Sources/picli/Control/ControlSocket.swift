import Glibc
import Platform

/// The Unix socket on which a running `picli serve` answers the commands of its own machine.
struct ControlSocket {
    let path: String

    /// Whether somebody listens there.
    ///
    /// A socket file that nobody listens at is what a crash leaves behind.
    ///
    /// Errors: `control.denied` when there is a unit but this user may not ask it: its files would give an older
    /// answer than it, so they are no way round.
    func isAnswered() throws -> Bool {
        guard var address = sockaddr_un(path: path) else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw Failure(
                "control.socket", "Cannot make a socket: \(SystemError(errno, "").reason).", status: .tryAgain)
        }
        defer { close(descriptor) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let code = errno
        if result == 0 { return true }
        guard code == EACCES || code == EPERM else { return false }
        throw Failure(
            "control.denied", "You may not ask the running unit: \(path) is closed to this user.",
            hint: "sudo picli …, or become a member of the group picli")
    }
}

extension sockaddr_un {
    /// nil when the path is longer than a socket's may be (107 bytes, unix(7)): nobody can listen there.
    fileprivate init?(path: String) {
        self.init()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: sun_path) else { return nil }
        sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: bytes) }
    }
}
