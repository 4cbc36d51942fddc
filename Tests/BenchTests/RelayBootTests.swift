import Bench
import Foundation
import Testing

/// The lines from the kernel's first moment on.
@Suite("Relays and boots", .bench)
struct RelayBootTests {
    @Test("from a cold boot on, through a reboot, no line has another level than its rest and its declared state")
    func boots() async throws {
        try await Bench.boot(limit: .seconds(480)) { bench in
            let relays = RelayBench(bench: bench)
            // As on a card: the program is there from the first moment on, and what it remembers outlives the power.
            try await bench.run(
                "cp /opt/picli/*.so /usr/lib/x86_64-linux-gnu/; rm /usr/bin/picli; cp /opt/picli/picli /usr/bin/picli")
            try await bench.run("systemctl -q enable picli-relays")
            // On a Pi the lines are there with the kernel; here a program makes them.
            try await bench.run(
                "mkdir -p /etc/systemd/system/picli-relays.service.d; cat > /etc/systemd/system/picli-relays.service.d/lines.conf",
                input: Data("[Unit]\nAfter=site-hardware.service\n".utf8))
            try await bench.unit.configure(
                site: RelayBench.site.replacing("GPIO23, boot: on", with: "GPIO23, boot: last"))
            try await bench.lines.sampleFromBoot(RelayBench.lines)
            try await bench.run("systemctl start picli-relays")
            #expect(try await relays.command("pump", #"{"do":"on"}"#).contains("accepted"))
            try await bench.run("sleep 1; systemctl stop picli-relays; sync")

            try await bench.cutPower()
            try await bench.powerOn(.boot)
            let log = try await relays.log()
            #expect(try await relays.levels() == RelayBench.bootLevels, "\(log)")
            // One step each, from the rest.
            for (line, moves) in try await relays.moves() { #expect(moves.count == 1, "\(line) \(moves)") }
            let began = try #require(
                Double(try await bench.run("systemctl show -P ExecMainStartTimestampMonotonic picli-relays")))
            let last = try #require(try await bench.lines.changes().map(\.time).max())
            let load = try await relays.loadTime()
            #expect(last - began / 1e6 < 1 + 4 * load, "\(last - began / 1e6) s, of which \(load) s to load it")
            // Nothing of the network was there yet.
            let network = try await bench.run("systemctl show -P ActiveEnterTimestampMonotonic network-pre.target")
            #expect(last * 1e6 < Double(network) ?? 0, "\(last) \(network)")

            _ = try await bench.status("rm -f /var/log/lines; systemctl restart sampling; sync; systemctl reboot")
            try await Task.sleep(for: .seconds(8))
            try await bench.cutPower()
            try await bench.powerOn(.boot)
            let second = try await relays.log()
            #expect(try await relays.levels() == RelayBench.bootLevels, "\(second)")
            #expect(await relays.says(#""start":"boot""#))
        }
    }
}
