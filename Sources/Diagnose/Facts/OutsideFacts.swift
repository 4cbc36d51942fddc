import Glibc
import Platform
import Site

/// A host beyond the router that the site file names.
public struct OutsideFacts: Hashable, Sendable {
    public var host: String
    /// nil for one that is named by its address.
    public var hasName: Bool
    /// Its addresses; empty when its name leads nowhere.
    public var addresses: [String]
    public var sent: Int
    public var received: Int
    public var latency: Double?

    public init(
        host: String, hasName: Bool = true, addresses: [String] = ["192.0.2.1"], sent: Int = 5, received: Int = 5,
        latency: Double? = 40
    ) {
        self.host = host
        self.hasName = hasName
        self.addresses = addresses
        self.sent = sent
        self.received = received
        self.latency = latency
    }

    static func all(_ subject: Subject) async throws -> [OutsideFacts] {
        if subject.isSimulated { throw NotHere("the network is simulated") }
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        let hosts = site.network.witnesses
        guard !hosts.isEmpty else { throw NotHere("the site file names no witness") }
        return try await withThrowingTaskGroup(of: OutsideFacts.self) { group in
            for host in hosts { group.addTask { try await look(host, subject) } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.host < $1.host }
        }
    }

    private static func look(_ host: String, _ subject: Subject) async throws -> OutsideFacts {
        let hasName = IPAddress(host) == nil
        var facts = OutsideFacts(
            host: host, hasName: hasName, addresses: hasName ? [] : [host], sent: 0, received: 0, latency: nil)
        if hasName {
            // The resolver has no deadline of its own that would do here.
            let worker = Blocking(name: "resolver") {}
            let limit = Duration.seconds(4) * subject.patience
            facts.addresses = (try? await worker.run(within: limit) { _ in resolved(host) }) ?? []
        }
        guard let address = facts.addresses.first else { return facts }
        let answer = try await Ping.all([address], count: 3, with: subject.commands)[address]
        facts.sent = answer?.sent ?? 0
        facts.received = answer?.received ?? 0
        facts.latency = answer?.latency
        return facts
    }

    /// getaddrinfo(3), as text.
    private static func resolved(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var entry = list
        while let current = entry {
            var buffer = [CChar](repeating: 0, count: 64)
            let result = getnameinfo(
                current.pointee.ai_addr, current.pointee.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0,
                NI_NUMERICHOST)
            if result == 0 {
                found.append(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            entry = current.pointee.ai_next
        }
        return found
    }
}
