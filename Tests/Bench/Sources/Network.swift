extension Bench {
    /// The site's network: the unit at 192.168.1.10, a router and a camera.
    public nonisolated var network: Network { Network(bench: self) }
}

/// A switch with two hosts beside the unit, all inside the machine.
public struct Network: Sendable {
    let bench: Bench

    /// A host of the site, in a network namespace of its own.
    public enum Host: String, Sendable, CaseIterable {
        case router
        case camera

        public var address: String { self == .router ? "192.168.1.1" : "192.168.1.3" }
    }

    /// Puts up the switch and its hosts.
    public func start() async throws {
        var script = "set -e; ip link add lan type bridge; ip addr add 192.168.1.10/24 dev lan; ip link set lan up\n"
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

    /// Pulls a host's cable, or puts it back.
    public func cable(_ isPlugged: Bool, to host: Host) async throws {
        try await bench.run("ip link set \(host.rawValue) \(isPlugged ? "up" : "down")")
    }
}
