import Bench
import Foundation
import Site
import Testing

/// Router and camera, hosts of their own on a network that loses and doubles packets, send their logs to the unit.
///
/// Debian's rsyslogd with the package's files, behind the firewall of the site.
@Suite("Logs of the site", .bench)
struct SyslogTests {
    private static let window = 2.0
    private static let site = """
        site: { name: Bench }
        network:
          interface: lan
          unit: \(Network.unit)/24
          router: { address: \(Network.Host.router.address) }
          camera: { address: \(Network.Host.camera.address) }
        logs: { window: 2s }
        """

    /// Waits until the server has read all, and then until it has surely written it: an emulated processor is slow.
    private static let settle = 0.3

    private func start(_ bench: Bench) async throws {
        try await bench.network.start()
        try await bench.run("systemctl start 'run-picli\\x2dlogs.mount'; systemd-tmpfiles --create picli.conf")
        try await bench.unit.start(site: Self.site)
        try await bench.run(
            "systemctl start picli-host rsyslog || { journalctl -q --no-pager -o cat -b | tail -60 >&2; exit 1; }")
    }

    /// Sends lines over TCP, and returns the numbers of those that were under way when a connection broke.
    private func send(
        _ count: Int, from first: Int = 0, each second: Int, by host: Network.Host, on bench: Bench
    ) async throws -> Set<Int> {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Bench/send-syslog")
        let said = try await bench.run(
            """
            ip netns exec \(host.rawValue) python3 - \(host.address) \(Network.unit) 514 \(first) \(count) \(second) \
            \(Self.settle) /proc/1/net/tcp
            """, input: Data(contentsOf: script))
        return try Set(JSONDecoder().decode([Int].self, from: Data(said.utf8)))
    }

    /// The numbers of the stored lines of a host, oldest first.
    private func stored(_ host: Network.Host, on bench: Bench) async throws -> [Int] {
        let export = try await bench.run("picli logs export flood --source \(host.rawValue) --format jsonl")
        return try export.split(separator: "\n").map { line in
            let text = try JSONDecoder().decode(RecordedLine.self, from: Data(line.utf8)).line.text
            return try #require(text.split(separator: " ").compactMap { Int($0) }.first)
        }
    }

    @Test("whatever is killed between, and whatever the network does, a line over TCP is stored once")
    func kills() async throws {
        let count = 1500
        try await Bench.resume { bench in
            try await start(bench)
            for host in Network.Host.allCases { try await bench.network.disturb(host, losing: 3, doubling: 5) }
            async let router = send(count, each: 60, by: .router, on: bench)
            async let camera = send(count, each: 60, by: .camera, on: bench)
            for kill in 0..<6 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 2000...4000)))
                let victim = kill % 3 == 1 ? "rsyslog" : "picli"
                // Between two starts there is nobody to kill.
                try await eventually("\(victim) has a process") {
                    try await bench.run("systemctl show -P MainPID \(victim)") != "0"
                }
                try await bench.run("systemctl kill -s KILL \(victim)")
            }
            let unsure = try await [Network.Host.router: router, .camera: camera]
            try await eventually("the unit is back") {
                guard try await bench.unit.restarts() >= 4 else { return false }
                return try await bench.unit.isActive()
            }
            #expect(try await bench.unit.restarts() == 4)
            #expect(try await bench.run("systemctl show -P NRestarts rsyslog") == "2")
            for host in Network.Host.allCases {
                let stored = try await stored(host, on: bench)
                let known = Set(stored)
                #expect(known.count == stored.count, "of \(host) \(stored.count - known.count) are stored twice")
                let broken = unsure[host] ?? []
                let missing = Set(0..<count).subtracting(known).subtracting(broken)
                #expect(missing.isEmpty, "of \(host) \(missing.count) are missing: \(missing.sorted().prefix(20))")
                #expect(broken.count < count / 4, "of \(host) hardly a line was delivered: \(broken.count) in flight")
            }
        }
    }

    @Test("each datagram of a sender that reaches the unit is one row, and nothing of a stranger's is")
    func datagrams() async throws {
        try await Bench.resume { bench in
            try await start(bench)
            try await bench.network.disturb(.camera, losing: 10, doubling: 10)
            try await bench.network.countDatagrams(to: 514)
            let send = """
                import socket, time
                udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                for number in range(1000):
                    try:
                        udp.sendto(b"<134>flood: line %d end" % number, ("\(Network.unit)", 514))
                    except PermissionError:
                        pass  # Lost by a rule; of a real network nobody would hear.
                    time.sleep(0.002)

                """
            try await bench.run("ip netns exec camera python3 -", input: Data(send.utf8))
            try await bench.run("ip -n router addr add 192.168.1.77/24 dev eth0")
            let stranger = send.replacing("for number", with: "udp.bind((\"192.168.1.77\", 0))\nfor number")
                .replacing("range(1000)", with: "range(3)").replacing("flood", with: "strange")
            try await bench.run("ip netns exec router python3 -", input: Data(stranger.utf8))
            let arrived = try await bench.network.datagrams() - 3
            let stored = try await stored(.camera, on: bench)
            #expect(stored.count == arrived)
            #expect(
                Set(stored).count < stored.count && Set(stored).count < 1000, "the network lost and doubled nothing")
            #expect(try await bench.run("picli logs export strange --format jsonl").isEmpty)
            try await eventually("the stranger is told") {
                try await bench.unit.events().contains { $0.event.code.rawValue == "logs.source_unknown" }
            }
        }
    }

    @Test("a power cut takes no line that was shown or counted; what comes during one commit is in the next")
    func cuts() async throws {
        let disk = try VolatileDisk(seed: 11)
        let count = 5000
        var safe: [Int] = []
        try await Bench.resume(data: disk) { bench in
            for first in [0, count] {
                try await start(bench)
                let flood = Task { try? await send(count, from: first, each: 60, by: .router, on: bench) }
                // Whoever asks for lines has them stored: in the second round nobody does.
                let last = try await first == 0 ? shown(on: bench) : counted(on: bench, from: first)
                safe += Array(first...last)
                try await bench.cutPower()
                _ = await flood.value
                try await bench.powerOn()
            }
            try await start(bench)
            let stored = try await stored(.router, on: bench)
            #expect(Set(stored).count == stored.count, "stored twice")
            let missing = Set(safe).subtracting(stored)
            #expect(missing.isEmpty, "\(missing.count) are missing: \(missing.sorted().prefix(20))")
            #expect(
                try await bench.run("sqlite3 -readonly /var/lib/picli/logs.sqlite 'pragma integrity_check'") == "ok")
        }
        #expect(disk.cuts.count == 3)
    }

    /// Asks for lines for a while; the newest that was shown.
    private func shown(on bench: Bench) async throws -> Int {
        var newest: Int?
        let end = ContinuousClock.now + .seconds(Double.random(in: 4...8))
        try await eventually("lines are shown") {
            newest = try await stored(.router, on: bench).last ?? newest
            return newest != nil && ContinuousClock.now > end
        }
        return try #require(newest)
    }

    /// Looks on for some commits; the newest line that the unit counts as stored.
    private func counted(on bench: Bench, from first: Int) async throws -> Int {
        var count = 0
        var received = first
        /// What had come when each commit was not over yet.
        var before: [Int] = []
        try await eventually("lines are stored that nobody asks for", poll: .milliseconds(500)) {
            let now = try await countedLines(on: bench)
            if now > count {
                count = now
                before.append(received)
                // Of a commit a part may be counted: what came during one is there after the next but one for certain.
                if before.count > 2 { #expect(first + count > before[before.count - 3]) }
            }
            received = try await self.received(on: bench) ?? received
            return before.count >= 5
        }
        // Between any two commits, or in one.
        try await Task.sleep(for: .seconds(Double.random(in: 0...Self.window)))
        return first + count - 1
    }

    /// Lines of the router that the unit counts as stored since its start.
    private func countedLines(on bench: Bench) async throws -> Int {
        let figures = String(decoding: try await bench.unit.get("/metrics"), as: UTF8.self).split(separator: "\n")
        let lines = figures.filter { $0.hasPrefix("picli_log_lines_total{source=\"router\"") }
        return lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }

    /// The newest line that rsyslogd has written.
    private func received(on bench: Bench) async throws -> Int? {
        let lines = try await bench.run("grep -ho 'line [0-9]* end' /run/picli-logs/*.log || true")
        return lines.split(separator: "\n").compactMap { $0.split(separator: " ").compactMap { Int($0) }.first }.max()
    }
}
