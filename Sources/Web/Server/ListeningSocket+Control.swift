import Glibc
public import Platform

extension ListeningSocket {
    /// Owner and group may talk to the unit; the kernel says who they are.
    static let controlMode: mode_t = 0o660

    /// Opens the control socket.
    ///
    /// A file that a stopped service left behind is replaced; one that is served is not.
    ///
    /// It appears under its name only when it has its mode and listens: it is made beside it and renamed.
    ///
    /// Errors: `Failure` `control.in_use`, `control.path_too_long`, `control.not_a_socket`, `control.failed`.
    public static func control(path: String) throws(Failure) -> ListeningSocket {
        try checkFree(path)
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno, path) }
        let temporary = path + ".new"
        unlink(temporary)
        var name = try name(of: temporary)
        guard bind(descriptor, &name) == 0, chmod(temporary, controlMode) == 0, listen(descriptor, backlog) == 0,
            rename(temporary, path) == 0
        else {
            let number = errno
            close(descriptor)
            unlink(temporary)
            throw failure(number, path)
        }
        return ListeningSocket(descriptor, kind: .control(path: path), ownsFile: true)
    }

    /// Throws when somebody listens at the path, or when what is there is no socket.
    private static func checkFree(_ path: String) throws(Failure) {
        guard let kind = FileKind(of: path, followsLinks: false) else { return }
        guard kind == .socket else {
            throw Failure(
                "control.not_a_socket", "\(path) is in the way: it is not a socket.", hint: "move the file away")
        }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno, path) }
        defer { close(descriptor) }
        var name = try name(of: path)
        let answer = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if answer == 0 {
            throw Failure(
                "control.in_use", "Another picli serve is running: it listens on \(path).",
                hint: "stop it (systemctl stop picli), or give another --state folder", status: .tryAgain)
        }
        guard errno == ECONNREFUSED || errno == ENOENT else { throw failure(errno, path) }
    }

    private static func name(of path: String) throws(Failure) -> sockaddr_un {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: name.sun_path) - 1
        guard bytes.count <= room else {
            throw Failure(
                "control.path_too_long", "\(path) is longer than the \(room) bytes that a Unix socket's path may have.",
                hint: "a shorter --state folder")
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        return name
    }

    private static func failure(_ number: CInt, _ path: String) -> Failure {
        Failure(
            number == EROFS ? "control.read_only" : "control.failed", "Cannot listen on \(path): \(errorText(number)).")
    }
}
