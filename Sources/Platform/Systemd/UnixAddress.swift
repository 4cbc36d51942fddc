import Glibc

/// Addresses of Unix sockets (unix(7)): a path, or `@name` in the abstract namespace.
enum UnixAddress {
    /// - Throws: ENAMETOOLONG when the name does not fit.
    static func make(_ name: String) throws(SystemError) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else { throw SystemError(ENAMETOOLONG, "use the socket \(name)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract name is as long as the address says; a path ends with its NUL.
        let used = bytes.count + (isAbstract ? 0 : 1)
        let offset = MemoryLayout<sockaddr_un>.size - capacity
        return (address, socklen_t(offset + used))
    }
}
