import FoundationEssentials
import Glibc
import Platform
import TestSupport
import Testing

/// Two networks joined by a cable: at one end the unit, with a server on every port, at the other all who may call.
final class Cable: Sendable {
    typealias Probe = FirewallTrafficTests.Probe

    /// Names of the networks, as `ip netns` knows them.
    let unit: String
    private let lan: String
    private let directory = TemporaryDirectory()
    private let servers: [Task<Void, any Error>]

    private static let script = HostFixtures.repository + "/Tests/ProvisionTests/Fixtures/host/traffic.py"

    init(interface: String = "lan0") async throws {
        let number = UInt32.random(in: 0 ... .max)
        (unit, lan) = ("picli-u\(number)", "picli-l\(number)")
        let path = directory.path
        servers = [unit, lan].map { name in
            Task {
                for line in ["netns add \(name)", "-n \(name) link set lo up"] { try await Self.ip(line) }
                // Ends by being cancelled.
                try await Self.python(in: name, ["serve", "\(path)/\(name)"], timeout: .seconds(300))
            }
        }
        for name in [unit, lan] { try await wait(for: "\(path)/\(name)") }
        try await connect(interface)
    }

    deinit {
        for server in servers { server.cancel() }
        for name in [unit, lan] {
            // What `ip netns delete` does.
            umount2("/run/netns/\(name)", Int32(MNT_DETACH))
            unlink("/run/netns/\(name)")
        }
    }

    private func connect(_ interface: String) async throws {
        var lines = [
            "link add \(interface) netns \(unit) type veth peer name far netns \(lan)",
            "-n \(unit) link set \(interface) up", "-n \(lan) link set far up",
            "-n \(unit) address add 192.168.1.10/24 dev \(interface)",
            "-n \(unit) address add fd00:1::10/64 dev \(interface) nodad",
        ]
        for caller in FirewallTrafficTests.Caller.allCases {
            lines += zip(caller.addresses, caller == .outsider ? ["/32", "/128"] : ["/24", "/64"]).map {
                address, length in
                "-n \(lan) address add \(address)\(length) dev far\(address.contains(":") ? " nodad" : "")"
            }
        }
        lines += [
            "-n \(unit) route add default via 192.168.1.1 dev \(interface)",
            "-n \(unit) -6 route add default via fd00:1::1 dev \(interface)",
        ]
        for line in lines { try await Self.ip(line) }
    }

    /// Gives rules to the unit's kernel, on standard input as picli does.
    func load(_ rules: String) async throws {
        let command = Command("ip", ["netns", "exec", unit, "nft", "-f", "-"], input: Array(rules.utf8))
        _ = try await LinuxCommandRunner().run(command)
    }

    /// Those of the probes that were answered.
    func answered(_ probes: [Probe], from network: String? = nil) async throws -> Set<Probe> {
        let output = try await Self.python(
            in: network ?? lan, ["knock"], input: Array(JSONEncoder().encode(probes)), timeout: .seconds(60))
        return Set(try JSONDecoder().decode([Probe].self, from: Data(output)))
    }

    /// How many of so many echo requests, sent as fast as it goes, are answered.
    func echoes(_ count: Int, to address: String) async throws -> Int {
        let output = try await Self.python(in: lan, ["echo", address, "\(count)"], timeout: .seconds(60))
        return Int(String(decoding: output, as: UTF8.self).filter(\.isNumber)) ?? -1
    }

    /// Whether a connection that is open is so still when other rules have been loaded.
    func survives(_ probe: Probe, loading rules: String) async throws -> Bool {
        let output = try await Self.python(
            in: lan, ["hold", unit, rules], input: Array(JSONEncoder().encode(probe)), timeout: .seconds(30))
        return output == Array("true\n".utf8)
    }

    private static func ip(_ line: String) async throws {
        _ = try await LinuxCommandRunner().run(Command("ip", line.split(separator: " ").map(String.init)))
    }

    @discardableResult
    private static func python(
        in network: String, _ arguments: [String], input: [UInt8]? = nil, timeout: Duration
    ) async throws -> [UInt8] {
        let command = Command(
            "ip", ["netns", "exec", network, "python3", script] + arguments, input: input, timeout: timeout)
        return try await LinuxCommandRunner().run(command).output
    }

    private func wait(for path: String) async throws {
        for _ in 0..<500 {
            if FileKind(of: path) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure("test.server", "No server came up.")
    }
}
