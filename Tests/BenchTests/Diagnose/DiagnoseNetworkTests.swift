import Bench
import Foundation
import Testing

/// The site's network, broken for real.
@Suite("Diagnose: network", .bench)
struct DiagnoseNetworkTests {
    private static func drop(_ rule: String, in host: String) -> String {
        """
        ip netns exec \(host) nft 'add table ip fault; add chain ip fault in { type filter hook input priority 0; }; \
        add rule ip fault in \(rule)'
        """
    }

    private static func undrop(in host: String) -> String {
        "ip netns exec \(host) nft delete table ip fault"
    }

    static let faults: [Fault] = [
        Fault(
            "the router's cable is pulled", "router.reach router", isQuick: true,
            run: "ip link set router down",
            undo: "ip link set router up"),
        Fault(
            "the camera's cable is pulled", "camera.reach camera", run: "ip link set camera down",
            undo: "ip link set camera up"),
        Fault(
            // The link ends at a converter before the switch, and stays.
            "the switch has no power", "network.reach",
            run:
                """
                ip netns add converter; ip link add converter type veth peer name eth0 netns converter
                ip link set converter master lan up; ip -n converter link set eth0 up
                ip link set router nomaster; ip link set camera nomaster
                """,
            undo: "ip link set router master lan; ip link set camera master lan; ip netns del converter"),
        Fault(
            "the unit's own cable is pulled", "network.link", isQuick: true,
            run: "ip link set router down; ip link set camera down",
            undo: "ip link set router up; ip link set camera up"),
        Fault(
            "the unit's interface is switched off", mends: "network.link", run: "ip link set lan down",
            rest: "sleep 1; \(Patient.wayOut)"),
        Fault(
            "the unit has lost its address", mends: "network.address", isQuick: true,
            run: "ip addr del 192.168.1.10/24 dev lan", rest: "sleep 1; \(Patient.wayOut)"),
        Fault(
            "another device has the unit's address", "network.conflict unit", isQuick: true,
            run: "ip -n camera addr add 192.168.1.10/32 dev eth0",
            undo: "ip -n camera addr del 192.168.1.10/32 dev eth0"),
        Fault(
            "the camera has the router's address, too", "network.conflict router",
            run: "ip -n camera addr add 192.168.1.1/32 dev eth0",
            undo: "ip -n camera addr del 192.168.1.1/32 dev eth0"),
        Fault(
            "the router hangs", "router.reach router",
            run: drop("icmp type echo-request drop", in: "router"),
            undo: undrop(in: "router")),
        Fault(
            "the router lets nothing out", "network.outside", isQuick: true,
            run: drop("ip daddr 198.51.100.7 drop", in: "router"), undo: undrop(in: "router")),
        Fault(
            "packets go out by another router", "network.gateway",
            run:
                """
                ip -n camera addr add 192.168.1.2/24 dev eth0
                while ip route del default 2>/dev/null; do :; done; ip route add default via 192.168.1.2 dev lan
                """,
            undo: "ip -n camera addr del 192.168.1.2/24 dev eth0; \(Patient.wayOut)"),
        Fault(
            "long packets do not arrive", "network.mtu", run: drop("ip length > 1400 drop", in: "router"),
            undo: undrop(in: "router")),
        Fault(
            "every second packet to the router is lost", "network.loss router",
            run: drop(
                "icmp type echo-request ip length < 1000 ip saddr 192.168.1.10 ip daddr 192.168.1.1 numgen inc mod 2 == 0 drop",
                in: "router"),
            undo: undrop(in: "router")),
        Fault(
            "the name server does not know the fleet", "network.names",
            run: "sed -i 's/fleet.example/other.example/' /etc/hosts",
            undo: "sed -i 's/other.example/fleet.example/' /etc/hosts"),
        Fault(
            // What may come in by it is another question, and as wrong.
            "the site file names an interface that is not there", "network.link", "security.firewall",
            run: "sed -i 's/interface: lan/interface: lam/' /etc/picli/site.yaml",
            undo: "sed -i 's/interface: lam/interface: lan/' /etc/picli/site.yaml"),
        Fault(
            // The unit has learned by itself which station has which address.
            "camera and router have each other's address", "network.stations router", "network.stations camera",
            run:
                """
                book=/var/lib/picli/neighbours.json
                n=0; until grep -q 192.168.1.3 $book && grep -qF '"192.168.1.1"' $book
                do n=$((n + 1)); [ $n -lt 400 ] || exit 1; sleep 1; done
                \(exchange("192.168.1.3", "192.168.1.1"))
                """, undo: exchange("192.168.1.1", "192.168.1.3")),
    ]

    /// Gives router and camera these addresses instead of those that they have.
    private static func exchange(_ router: String, _ camera: String) -> String {
        """
        ip -n router addr flush dev eth0; ip -n camera addr flush dev eth0
        ip -n router addr add \(router)/24 dev eth0; ip -n camera addr add \(camera)/24 dev eth0
        """
    }

    @Test("each is named first, and nothing else is found")
    func faults() async throws {
        try await Bench.resume(limit: .seconds(1500)) { bench in
            let patient = try await Patient.healthy(bench)
            try await FaultRound.run(Self.faults, on: patient)
        }
    }
}
