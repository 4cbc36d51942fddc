import Foundation

extension Bench {
    /// The site's network: the unit at 192.168.1.10, a router and a camera.
    public nonisolated var network: Network { Network(bench: self) }
}

/// A switch with two hosts beside the unit, all inside the machine.
public struct Network: Sendable {
    let bench: Bench

    /// The address of the unit.
    public static let unit = "192.168.1.10"

    /// A host of the site, in a network namespace of its own.
    public enum Host: String, Sendable, CaseIterable {
        case router
        case camera

        public var address: String { self == .router ? "192.168.1.1" : "192.168.1.3" }
    }

    /// Puts up the switch and its hosts.
    public func start() async throws {
        var script = "set -e; ip link add lan type bridge; ip addr add \(Self.unit)/24 dev lan; ip link set lan up\n"
        for host in Host.allCases {
            let name = host.rawValue
            script += """
                ip netns add \(name); ip link add \(name) type veth peer name eth0 netns \(name)
                ip link set \(name) master lan up; ip -n \(name) link set lo up
                ip -n \(name) addr add \(host.address)/24 dev eth0; ip -n \(name) link set eth0 up\n
                """
        }
        try await bench.run(script)
    }

    /// Loses packets from and to a host.
    public func loss(_ percent: Int, to host: Host) async throws {
        try await bench.run(
            """
            tc qdisc replace dev \(host.rawValue) root netem loss \(percent)%
            tc -n \(host.rawValue) qdisc replace dev eth0 root netem loss \(percent)%
            """)
    }

    /// Loses packets from and to a host at random, and doubles some of those that it sends: rules of nft(8) in its namespace.
    ///
    /// - Parameters:
    ///   - lost: Percent of the packets of either way.
    ///   - doubled: Percent of the packets to the unit.
    public func disturb(_ host: Host, losing lost: Int, doubling doubled: Int) async throws {
        // nft refuses a comparison that is always true.
        func share(_ percent: Int) -> String { percent < 100 ? "numgen random mod 100 < \(percent)" : "" }
        try await bench.run(
            "ip netns exec \(host.rawValue) nft -f -",
            input: Data(
                """
                table ip disturbed {
                  chain out {
                    type filter hook output priority 0
                    \(share(lost)) drop
                    \(share(doubled)) dup to \(Self.unit) device "eth0"
                  }
                  chain in {
                    type filter hook input priority 0
                    \(share(lost)) drop
                  }
                }

                """.utf8))
    }

    /// Counts the datagrams to a port of the unit from now on.
    public func countDatagrams(to port: Int) async throws {
        try await bench.run(
            "nft -f -",
            input: Data(
                """
                table ip counted {
                  counter datagrams { }
                  chain in {
                    type filter hook prerouting priority -300
                    ip daddr \(Self.unit) udp dport \(port) counter name datagrams
                  }
                }

                """.utf8))
    }

    /// How many have reached it since.
    public func datagrams() async throws -> Int {
        let text = try await bench.run("nft list counter ip counted datagrams")
        guard let count = text.firstMatch(of: /packets (\d+)/).flatMap({ Int($0.1) }) else {
            throw BenchFailure("nft does not say how many: \(text)")
        }
        return count
    }

    /// Pulls a host's cable, or puts it back.
    public func cable(_ isPlugged: Bool, to host: Host) async throws {
        try await bench.run("ip link set \(host.rawValue) \(isPlugged ? "up" : "down")")
    }
}
