import Glibc

/// Asks the stations of a network who has an address (ARP, RFC 826).
///
/// It takes CAP_NET_RAW, as root has it.
public struct AddressResolution: Sendable {
    /// Six bytes.
    private let own: [UInt8]
    private let index: Int32

    private static let protocolARP: UInt16 = 0x0806
    private static let broadcast = [UInt8](repeating: 0xFF, count: 6)

    /// - Parameters:
    ///   - interface: `eth0`.
    ///   - station: Its own address on the wire, `52:54:00:12:34:56`.
    /// - Throws: `SystemError` when there is no such interface.
    public init(on interface: String, station: String) throws(SystemError) {
        index = Int32(if_nametoindex(interface))
        guard index > 0 else { throw SystemError(errno, "use the interface \(interface)") }
        own = station.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        guard own.count == 6 else { throw SystemError(EINVAL, "read the station address \(station)") }
    }

    /// The other stations that say they have an address, by address; blocks for `patience`.
    ///
    /// The questions say nothing of this machine's own address (a probe of RFC 5227, 2.1.1), so that nobody learns
    /// anything wrong from them.
    ///
    /// - Parameter addresses: Of four bytes each.
    public func stations(of addresses: [[UInt8]], patience: Duration) throws(SystemError) -> [[UInt8]: Set<String>] {
        let socket = Descriptor(
            owning: Glibc.socket(
                AF_PACKET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), Int32(Self.protocolARP.bigEndian))
        )
        guard socket.number >= 0 else { throw SystemError(errno, "listen to ARP") }
        try bind(socket)
        let clock = ContinuousClock()
        let end = clock.now + patience
        var found: [[UInt8]: Set<String>] = [:]
        // Twice, as either packet may be lost.
        for round in 1...2 {
            for address in addresses { try ask(socket, address) }
            let until = round == 1 ? clock.now + patience / 2 : end
            while let answer = try next(socket, before: until) {
                guard addresses.contains(answer.address), answer.station != own else { continue }
                found[answer.address, default: []].insert(Self.text(answer.station))
            }
        }
        return found
    }

    private static func text(_ station: [UInt8]) -> String {
        station.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    // MARK: Packets

    /// `sockaddr_ll` (packet(7)): family, protocol, interface, and the station the packet goes to.
    private func address(to station: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 20)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt16(AF_PACKET), toByteOffset: 0, as: UInt16.self)
            $0.storeBytes(of: Self.protocolARP.bigEndian, toByteOffset: 2, as: UInt16.self)
            $0.storeBytes(of: index, toByteOffset: 4, as: Int32.self)
        }
        bytes[11] = 6
        bytes.replaceSubrange(12..<18, with: station)
        return bytes
    }

    private func with<Result>(_ address: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        address.withUnsafeBytes { bytes in
            // Never nil: the array is not empty.
            withUnsafePointer(to: bytes.loadUnaligned(as: PacketAddress.self)) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(address.count)) }
            }
        }
    }

    /// Twenty bytes.
    private typealias PacketAddress = (UInt64, UInt64, UInt32)

    private func bind(_ socket: borrowing Descriptor) throws(SystemError) {
        let result = with(address(to: [0, 0, 0, 0, 0, 0])) { Glibc.bind(socket.number, $0, $1) }
        guard result == 0 else { throw SystemError(errno, "listen to ARP") }
    }

    /// Ethernet and IPv4, a request, from nobody's address.
    private func ask(_ socket: borrowing Descriptor, _ wanted: [UInt8]) throws(SystemError) {
        let packet: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1] + own + [0, 0, 0, 0] + [0, 0, 0, 0, 0, 0] + wanted
        let sent = with(address(to: Self.broadcast)) { sendto(socket.number, packet, packet.count, 0, $0, $1) }
        guard sent == packet.count else { throw SystemError(errno, "ask by ARP") }
    }

    private func next(
        _ socket: borrowing Descriptor, before end: ContinuousClock.Instant
    ) throws(SystemError) -> (address: [UInt8], station: [UInt8])? {
        var buffer = [UInt8](repeating: 0, count: 128)
        while true {
            let rest = ContinuousClock().now.duration(to: end)
            guard rest > .zero else { return nil }
            var wanted = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(
                rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000)
            guard poll(&wanted, 1, milliseconds + 1) > 0 else { continue }
            let length = recv(socket.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard length > 0 else { continue }
            if let answer = Self.answer(Array(buffer[..<length])) { return answer }
        }
    }

    /// Who says to have which address; nil for what is no answer over Ethernet and IPv4.
    static func answer(_ packet: [UInt8]) -> (address: [UInt8], station: [UInt8])? {
        guard packet.count >= 28, packet[..<8].elementsEqual([0, 1, 8, 0, 6, 4, 0, 2]) else { return nil }
        return (Array(packet[14..<18]), Array(packet[8..<14]))
    }
}
