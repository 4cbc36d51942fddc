import FoundationEssentials
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

/// The rules in a kernel, with packets: two networks of the test's own, joined by a cable.
@Suite("Firewall rules and traffic", .enabled(if: FirewallTests.hasNetworks))
struct FirewallTrafficTests {
    /// Who knocks, from which address of each family.
    enum Caller: String, CaseIterable {
        case router
        case camera
        case client
        case stranger
        /// Beyond the router.
        case outsider

        var addresses: [String] {
            switch self {
            case .router: ["192.168.1.1", "fd00:1::1"]
            case .camera: ["192.168.1.3", "fd00:1::3"]
            case .client: ["192.168.1.20", "fd00:1::20"]
            case .stranger: ["192.168.1.99", "fd00:1::99"]
            case .outsider: ["203.0.113.5", "2001:db8::5"]
            }
        }
    }

    struct Probe: Codable, Hashable {
        let from: String
        let to: String
        let kind: String
        let port: Int
    }

    private static let ports = [
        ("tcp", [22, 80, 443, 445, 514, 502, 8081, 9999]), ("udp", [123, 514, 5353, 9999]),
    ]

    private static let site = """
        site: { name: Trailer }
        network:
          unit: 192.168.1.10/24
          interface: lan0
          router: { address: 192.168.1.1 }
          camera: [{ id: one, address: 192.168.1.3 }, { id: two, address: "fd00:1::3" }]
        storage: { share: camera }
        compatibility:
          controlbyweb: { profile: x410, allow: [192.168.1.20/32, "fd00:1::20/128"], port: 8081, auth: token }
          modbus: { profile: x410, allow: [192.168.1.20/32, "fd00:1::20/128"] }
        """

    /// What is to be let in, said once more and in another way than the rules say it.
    private func isAllowed(_ caller: Caller, _ kind: String, _ port: Int, isVersion4: Bool) -> Bool {
        switch (kind, port) {
        case ("tcp", 80), ("tcp", 443): true
        // The unit's own network is one of IPv4 only.
        case ("tcp", 22): isVersion4 && caller != .outsider
        case ("tcp", 445): caller == .camera
        // The router is named by its address of IPv4 only.
        case ("tcp", 514): caller == .camera || (caller == .router && isVersion4)
        // Whoever is on the unit's own network may be noticed.
        case ("udp", 514): caller == .camera || (isVersion4 && caller != .outsider)
        case ("tcp", 8081), ("tcp", 502): caller == .client
        default: false
        }
    }

    @Test("each caller reaches what its role is for, over both families, and nothing else")
    func roles() async throws {
        let cable = try await Cable()
        try await cable.load(FirewallText(HostFixtures.site(Self.site)).text)
        let probes = Caller.allCases.flatMap { caller in
            zip(caller.addresses, ["192.168.1.10", "fd00:1::10"]).flatMap { from, to in
                Self.ports.flatMap { kind, ports in ports.map { Probe(from: from, to: to, kind: kind, port: $0) } }
            }
        }
        let answered = try await cable.answered(probes)
        for caller in Caller.allCases {
            for (index, from) in caller.addresses.enumerated() {
                for probe in probes where probe.from == from {
                    let isAllowed = isAllowed(caller, probe.kind, probe.port, isVersion4: index == 0)
                    #expect(answered.contains(probe) == isAllowed, "\(caller) \(probe)")
                }
            }
        }
        #expect(answered.count > 20)
    }

    @Test("without the rules everybody answers: the probes see what is there")
    func control() async throws {
        let cable = try await Cable()
        let probes = zip(Caller.stranger.addresses, ["192.168.1.10", "fd00:1::10"]).flatMap { from, to in
            Self.ports.flatMap { kind, ports in ports.map { Probe(from: from, to: to, kind: kind, port: $0) } }
        }
        #expect(try await cable.answered(probes) == Set(probes))
    }

    @Test("until a site file is read there are the page, and SSH from private addresses")
    func fallback() async throws {
        let cable = try await Cable(interface: "eth0")
        try await cable.load(FirewallText.fallback())
        let probes = [Caller.stranger, .outsider].flatMap { caller in
            zip(caller.addresses, ["192.168.1.10", "fd00:1::10"]).flatMap { from, to in
                Self.ports.flatMap { kind, ports in ports.map { Probe(from: from, to: to, kind: kind, port: $0) } }
            }
        }
        let answered = try await cable.answered(probes)
        let expected = probes.filter {
            $0.kind == "tcp"
                && ([80, 443].contains($0.port) || ($0.port == 22 && !Caller.outsider.addresses.contains($0.from)))
        }
        #expect(answered == Set(expected))
    }

    @Test("the unit itself may call anybody, and loopback is its own")
    func outgoing() async throws {
        let cable = try await Cable()
        try await cable.load(FirewallText(HostFixtures.site(Self.site)).text)
        let probes = ["192.168.1.99", "fd00:1::99", "127.0.0.1", "::1"].map {
            Probe(from: $0.contains(":") ? "::" : "0.0.0.0", to: $0, kind: "tcp", port: 9999)
        }
        #expect(try await cable.answered(probes, from: cable.unit) == Set(probes))
    }

    @Test("echo is answered, and a flood of it is not")
    func echo() async throws {
        let cable = try await Cable()
        try await cable.load(FirewallText(HostFixtures.site(Self.site)).text)
        let few = try await cable.echoes(5, to: "192.168.1.10")
        #expect(few == 5)
        let many = try await cable.echoes(2000, to: "192.168.1.10")
        #expect((1...200).contains(many), "\(many)")
        #expect(try await cable.echoes(5, to: "fd00:1::10") == 5)
        let manyMore = try await cable.echoes(2000, to: "fd00:1::10")
        #expect((1...200).contains(manyMore), "\(manyMore)")
    }

    @Test("new rules replace the old ones as a whole, and cut nobody who is connected")
    func replacing() async throws {
        let cable = try await Cable()
        let site = try HostFixtures.site(Self.site)
        try await cable.load(FirewallText(site).text)
        let probe = Probe(from: "192.168.1.20", to: "192.168.1.10", kind: "tcp", port: 8081)
        var other = site
        other.compatibility.controlByWeb = nil
        let directory = TemporaryDirectory()
        directory.write(FirewallText(other).text, to: "rules")
        #expect(try await cable.survives(probe, loading: "\(directory.path)/rules"))
        #expect(try await cable.answered([probe]).isEmpty)
        // What is wrong changes nothing.
        await #expect(throws: CommandError.self) { try await cable.load(FirewallText(site).text + "nonsense\n") }
        #expect(try await cable.answered([probe]).isEmpty)
    }
}
