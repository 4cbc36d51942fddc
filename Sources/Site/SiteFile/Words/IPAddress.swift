/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, network order.
    public let bytes: [UInt8]

    public var isIPv4: Bool { bytes.count == 4 }

    /// Reads dotted decimal (no leading zeros: some tools read them as octal) or the text form of RFC 4291, 2.2.
    public init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text[...]) else { return nil }
        self.bytes = bytes
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// 0.0.0.0.
    static let unspecified = IPAddress(bytes: [0, 0, 0, 0])

    /// As the kernel has it: 4 or 16 bytes, network order.
    ///
    /// An IPv4 address in IPv6's clothes (`::ffff:192.0.2.7`, RFC 4291, 2.5.5.2), as a socket of both families calls its IPv4
    /// peers, is the IPv4 address.
    public init?(ofPeer bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let isMapped = bytes.count == 16 && bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF])
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// The canonical text form; RFC 5952 for IPv6.
    public var description: String {
        guard !isIPv4 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > longest.count, end - start > 1 { longest = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return longest.isEmpty ? text(0..<8) : text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1] }

    /// 0.0.0.0 or ::, which is "every address" where something listens.
    public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part.count == 1 || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var parts: [[UInt8]] = []
        for (index, half) in halves.enumerated() {
            let isLast = index == halves.count - 1
            guard let bytes = half.isEmpty && halves.count == 2 ? [] : groups(half, mayEndInVersion4: isLast) else {
                return nil
            }
            parts.append(bytes)
        }
        if parts.count == 1 { return parts[0].count == 16 ? parts[0] : nil }
        let missing = 16 - parts[0].count - parts[1].count
        return missing >= 2 ? parts[0] + Array(repeating: 0, count: missing) + parts[1] : nil
    }

    private static func groups(_ text: Substring, mayEndInVersion4: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, part.contains("."), let tail = version4(part) {
                return bytes + tail
            }
            guard (1...4).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }
}

/// An address with the length of its network: `192.168.1.10/24`.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    public let address: IPAddress
    /// Bits of the network part.
    public let prefixLength: Int

    public init?(address: IPAddress, prefixLength: Int) {
        guard (0...address.bytes.count * 8).contains(prefixLength) else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Reads CIDR notation; the length must be given.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), parts[1].count <= 3,
            parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1])
        else { return nil }
        self.init(address: address, prefixLength: length)
    }

    public var description: String { "\(address)/\(prefixLength)" }

    /// Whether the whole network is one address (/32, /128).
    public var isSingleAddress: Bool { prefixLength == address.bytes.count * 8 }

    /// The first address of the network.
    public var first: IPAddress { masked { $0 & $1 } }

    /// The last address of the network: its broadcast address in IPv4.
    public var last: IPAddress { masked { $0 | ~$1 } }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return IPNetwork(address: other, prefixLength: prefixLength)?.first == first
    }

    private func masked(_ combine: (UInt8, UInt8) -> UInt8) -> IPAddress {
        IPAddress(
            bytes: address.bytes.enumerated().map { index, byte in
                let bits = min(8, max(0, prefixLength - index * 8))
                return combine(byte, ~UInt8(truncatingIfNeeded: 0xFF >> bits))
            })
    }
}

/// Where a server listens: `127.0.0.1:8080`, `[::1]:8080`.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    public var port: Int

    public init(address: IPAddress, port: Int) {
        self.address = address
        self.port = port
    }

    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard let address = IPAddress(String(host)), let port = Port.number(digits) else { return nil }
        self.init(address: address, port: port)
    }

    public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

/// TCP and UDP port numbers as text.
enum Port {
    /// 1 to 65535, digits only.
    static func number(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.count), text.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(text),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
