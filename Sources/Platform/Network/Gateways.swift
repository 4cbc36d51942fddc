/// The routers by which this machine reaches other networks, as the kernel knows them at this moment.
public enum Gateways {
    /// The addresses of all of them, each 4 or 16 bytes in network order; nil where the kernel does not tell.
    ///
    /// Reads `route` or `ipv6_route` of `/proc/net`: the main table of IPv4, all tables of IPv6 (proc_pid_net(5)).
    public static func all(isVersion6: Bool, below root: String = "/proc/net") -> Set<[UInt8]>? {
        guard let table = try? SmallFile.text(at: "\(root)/\(isVersion6 ? "ipv6_route" : "route")") else { return nil }
        return Set(isVersion6 ? version6(table) : version4(table)).subtracting([
            [UInt8](repeating: 0, count: isVersion6 ? 16 : 4)
        ])
    }

    /// Interface, destination and gateway; addresses are hexadecimal in the order of this machine.
    private static func version4(_ table: String) -> [[UInt8]] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 3, let word = UInt32(fields[2], radix: 16) else { return nil }
            return withUnsafeBytes(of: word) { [UInt8]($0) }
        }
    }

    /// Destination and source, each with its length, and the next hop; addresses are 32 digits.
    private static func version6(_ table: String) -> [[UInt8]] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 5, fields[4].utf8.count == 32 else { return nil }
            let digits = Array(fields[4].utf8)
            let bytes = stride(from: 0, to: 32, by: 2).compactMap { place in
                UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
            }
            return bytes.count == 16 ? bytes : nil
        }
    }
}
