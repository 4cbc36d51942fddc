import Glibc

/// An IPv4 or IPv6 address in network byte order.
struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]

    /// Reads the text forms that inet_pton(3) accepts: `127.0.0.1`, `::1`; not `127.1`, not `0x7f.1`.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var isVersion6: Bool { bytes.count == 16 }

    /// The IPv4 address behind `::ffff:192.0.2.7`, as a socket of both families calls its IPv4 peers (RFC 4291, 2.5.5.2).
    var unmapped: IPAddress {
        guard bytes.count == 16, bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) else {
            return self
        }
        return IPAddress(bytes: Array(bytes.suffix(4)))
    }

    /// As people write it; for IPv4 alone.
    var dotted: String? { isVersion6 ? nil : bytes.map(String.init).joined(separator: ".") }

    /// 127.0.0.0/8 (RFC 1122, 3.2.1.3) or ::1 (RFC 4291, 2.5.3).
    var isLoopback: Bool {
        isVersion6 ? bytes == [UInt8](repeating: 0, count: 15) + [1] : bytes.first == 127
    }
}
