import Glibc
import Site

/// Who is at the other end of a connection.
enum ModbusAddress {
    /// Who is connected; nil when the kernel does not say.
    static func peer(of descriptor: Int32) -> IPAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let asked = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard asked == 0 else { return nil }
        return withUnsafePointer(to: &storage) { pointer -> IPAddress? in
            switch Int32(pointer.pointee.ss_family) {
            case AF_INET:
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { name in
                    IPAddress(ofPeer: withUnsafeBytes(of: name.pointee.sin_addr) { Array($0) })
                }
            case AF_INET6:
                pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { name in
                    IPAddress(ofPeer: withUnsafeBytes(of: name.pointee.sin6_addr) { Array($0) })
                }
            default: nil
            }
        }
    }
}
