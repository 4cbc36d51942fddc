import Foundation
import Platform
import Site

/// One neighbour that the site file names, as it answers.
public struct NeighbourFacts: Hashable, Sendable {
    /// `router`, or a camera's id.
    public var name: String
    public var address: String
    public var sent: Int
    public var received: Int
    /// Mean time of an answer in milliseconds.
    public var latency: Double?
    /// The station that has the address, `52:54:00:12:34:56`; nil when nobody says so.
    public var station: String?
    /// Whether packets of the full size arrive; nil when nobody tried.
    public var takesFullPackets: Bool?
    /// The station that had the address when all was well.
    public var knownStation: String?

    public init(
        name: String, address: String, sent: Int = 5, received: Int = 5, latency: Double? = 1, station: String? = nil,
        takesFullPackets: Bool? = nil, knownStation: String? = nil
    ) {
        self.name = name
        self.address = address
        self.sent = sent
        self.received = received
        self.latency = latency
        self.station = station
        self.takesFullPackets = takesFullPackets
        self.knownStation = knownStation
    }

    /// Whether it is on the network, with or without an answer.
    var isThere: Bool { received > 0 || station != nil }

    static func all(_ subject: Subject) async throws -> [NeighbourFacts] {
        if subject.isSimulated { throw NotHere("the network is simulated") }
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        let network = site.network
        let all = network.logSenders.map { ($0.name, $0.address) }
        guard !all.isEmpty else { throw NotHere("the site file names neither router nor camera") }
        let mtu = (try? SmallFile.text(at: "/sys/class/net/\(network.interface)/mtu", limit: 16)).flatMap { Int($0) }
        let known = StationBook(in: subject.root, state: subject.state).stations
        let pings = try await Ping.all(all.map(\.1), with: subject.commands)
        let stations = Self.stations((try? SmallFile.text(at: "/proc/net/arp")) ?? "")
        let full = await fullPackets(all.first { pings[$0.1]?.received ?? 0 > 0 }?.1, mtu: mtu, subject.commands)
        return all.map { name, address in
            let ping = pings[address]
            return NeighbourFacts(
                name: name, address: address, sent: ping?.sent ?? 0, received: ping?.received ?? 0,
                latency: ping?.latency, station: stations[address],
                takesFullPackets: full?.address == address ? full?.arrives : nil, knownStation: known[address])
        }
    }

    private static func fullPackets(
        _ address: String?, mtu: Int?, _ commands: any CommandRunner
    ) async -> (address: String, arrives: Bool)? {
        // Headers of IPv4 and ICMP.
        guard let address, let mtu, mtu > 600, !address.contains(":") else { return nil }
        let command = Command(
            "ping", ["-n", "-q", "-c", "2", "-i", "0.2", "-W", "1", "-M", "do", "-s", "\(mtu - 28)", address],
            timeout: .seconds(3), expected: [0, 1, 2])
        guard let result = try? await commands.run(command) else { return nil }
        return (address, result.status == 0)
    }

    /// Of /proc/net/arp (proc(5)): address, type, flags, station; flag 2 says that the entry is complete.
    static func stations(_ table: String) -> [String: String] {
        var stations: [String: String] = [:]
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard fields.count > 5, let flags = Int(fields[2].dropFirst(2), radix: 16), flags & 2 != 0 else { continue }
            stations[fields[0]] = fields[3]
        }
        return stations
    }
}
