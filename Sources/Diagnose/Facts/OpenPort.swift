import Platform

/// A port on which something listens, other than on loopback.
public struct OpenPort: Hashable, Sendable {
    public var isTCP: Bool
    public var port: Int
    /// Bytes of the local address as /proc has them, `00000000` for every address.
    public var address: String

    public init(isTCP: Bool, port: Int, address: String = "00000000") {
        self.isTCP = isTCP
        self.port = port
        self.address = address
    }

    /// `514/udp`.
    public var name: String { "\(port)/\(isTCP ? "tcp" : "udp")" }

    static func all() throws -> [OpenPort] {
        var ports: Set<OpenPort> = []
        for (file, isTCP) in [("tcp", true), ("tcp6", true), ("udp", false), ("udp6", false)] {
            // A kernel without IPv6 has no such file.
            guard let text = try? SmallFile.text(at: "/proc/net/\(file)", limit: 4 << 20) else { continue }
            ports.formUnion(listening(text, isTCP: isTCP))
        }
        return ports.sorted { ($0.port, $0.name, $0.address) < ($1.port, $1.name, $1.address) }
    }

    /// State 0A listens; an unconnected UDP socket is in state 07 (proc(5)).
    static func listening(_ table: String, isTCP: Bool) -> [OpenPort] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 3, fields[3] == (isTCP ? "0A" : "07") else { return nil }
            let parts = fields[1].split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1], radix: 16), !isLoopback(parts[0]) else { return nil }
            return OpenPort(isTCP: isTCP, port: port, address: String(parts[0]))
        }
    }

    /// 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104, as words of a little-endian machine.
    private static func isLoopback(_ digits: Substring) -> Bool {
        if digits.count == 8 { return digits.hasSuffix("7F") }
        return digits == "00000000000000000000000001000000"
            || digits.hasPrefix("0000000000000000FFFF0000")
                && digits.hasSuffix("7F")
    }
}
