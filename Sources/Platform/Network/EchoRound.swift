import Glibc

/// One round of pings: an echo request to each of some addresses at once (ICMP, RFC 792; ICMPv6, RFC 4443).
///
/// By the kernel's ping sockets (icmp(7)), which need no privilege: the process's group must be within
/// `net.ipv4.ping_group_range`. Blocks until all have answered, or the limit.
public struct EchoRound: Sendable {
    /// What came of one address.
    public enum Outcome: Hashable, Sendable {
        /// It answered after so long.
        case answered(Duration)
        /// It was asked and did not answer.
        case silent
        /// Nothing was sent: errno(3), as for a network without a way there.
        case unsent(Int32)

        public var isAnswer: Bool { if case .answered = self { true } else { false } }
    }

    private let addresses: [[UInt8]]

    /// - Parameter addresses: 4 or 16 bytes each, network order.
    public init(_ addresses: [[UInt8]]) { self.addresses = addresses }

    /// Asks all; in their order.
    ///
    /// Nothing is sent to a family that has no socket. Errors: `SystemError` when none of those needed has one, as where
    /// this process may make no ping socket at all (EACCES, EPERM).
    public func run(within limit: Duration) throws(SystemError) -> [Outcome] {
        var outcomes = [Outcome](repeating: .silent, count: addresses.count)
        let four = addresses.indices.filter { addresses[$0].count == 4 }
        let six = addresses.indices.filter { addresses[$0].count == 16 }
        var sockets: [EchoSocket] = []
        defer { for socket in sockets { socket.close() } }
        var failure: SystemError?
        for (isVersion6, places) in [(false, four), (true, six)] where !places.isEmpty {
            do throws(SystemError) { sockets.append(try EchoSocket(isVersion6: isVersion6)) } catch {
                for place in places { outcomes[place] = .unsent(error.number) }
                failure = error
            }
        }
        if let failure, sockets.isEmpty { throw failure }
        let start = ContinuousClock.now
        for socket in sockets {
            for index in socket.isVersion6 ? six : four {
                let number = socket.send(to: addresses[index], sequence: UInt16(truncatingIfNeeded: index))
                if number != 0 { outcomes[index] = .unsent(number) }
            }
        }
        var waiting = outcomes.indices.filter { outcomes[$0] == .silent }
        while !waiting.isEmpty {
            let rest = limit - (ContinuousClock.now - start)
            guard rest > .zero else { break }
            for socket in EchoSocket.readable(sockets, within: rest) {
                while let sequence = socket.receive() {
                    guard let place = waiting.firstIndex(of: Int(sequence)) else { continue }
                    outcomes[waiting.remove(at: place)] = .answered(ContinuousClock.now - start)
                }
            }
        }
        return outcomes
    }
}

/// A ping socket of one family: the kernel gives it an identifier of its own, and passes on no other's answers.
private struct EchoSocket {
    let isVersion6: Bool
    private let number: Int32
    /// What only this round's answers carry.
    private let mark: [UInt8]

    private var request: UInt8 { isVersion6 ? 128 : 8 }
    private var reply: UInt8 { isVersion6 ? 129 : 0 }

    init(isVersion6: Bool) throws(SystemError) {
        self.isVersion6 = isVersion6
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        number = socket(isVersion6 ? AF_INET6 : AF_INET, kind, Int32(isVersion6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
        guard number >= 0 else { throw SystemError(errno, "make a ping socket") }
        mark = (0..<16).map { _ in UInt8.random(in: 0...255) }
    }

    func close() { _ = Glibc.close(number) }

    /// Checksum and identifier are the kernel's; 0, or errno(3).
    func send(to address: [UInt8], sequence: UInt16) -> Int32 {
        let packet = [request, 0, 0, 0, 0, 0, UInt8(sequence >> 8), UInt8(sequence & 0xFF)] + mark
        let sent = isVersion6 ? send(packet, toVersion6: address) : send(packet, toVersion4: address)
        return sent == packet.count ? 0 : errno
    }

    private func send(_ packet: [UInt8], toVersion4 address: [UInt8]) -> Int {
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        withUnsafeMutableBytes(of: &target.sin_addr) { $0.copyBytes(from: address) }
        return withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(number, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func send(_ packet: [UInt8], toVersion6 address: [UInt8]) -> Int {
        var target = sockaddr_in6()
        target.sin6_family = sa_family_t(AF_INET6)
        withUnsafeMutableBytes(of: &target.sin6_addr) { $0.copyBytes(from: address) }
        return withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(number, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    /// Those with something to read.
    static func readable(_ sockets: [EchoSocket], within limit: Duration) -> [EchoSocket] {
        var entries = sockets.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        // Rounded up, so that the last fraction of a millisecond is not spent in a loop.
        let milliseconds = Int32(min((limit / .milliseconds(1)).rounded(.up), 60_000))
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
        return zip(sockets, entries).filter { $1.revents != 0 }.map(\.0)
    }

    /// The sequence number of one answer to this round; nil when there is no more to read.
    func receive() -> UInt16? {
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = recv(number, &buffer, buffer.count, 0)
            guard count >= 0 else { return nil }
            guard count == 8 + mark.count, buffer[0] == reply, buffer[1] == 0,
                Array(buffer[8..<(8 + mark.count)]) == mark
            else { continue }
            return UInt16(buffer[6]) << 8 | UInt16(buffer[7])
        }
    }
}
