import Foundation
import Site
import Testing

@testable import Bench

/// Inputs, rules and pings against lines and a network that the kernel believes in.
@Suite("Inputs, rules and pings", .bench)
struct RelayReachTests {
    private static let site = """
        site: { name: Bench }
        network: { interface: lan, unit: \(Network.unit)/24, router: { address: \(Network.Host.router.address) } }
        inputs:
          - { id: door, line: GPIO23, interval: 1s }
          - { id: flow, line: GPIO24, debounce: 0s, interval: 1s }
        relays:
          - { id: lamp, line: GPIO27, rules: [{ when: door on, set: on }] }
          - { id: modem, line: GPIO22, active: low, contact: nc, boot: on,
              watchdog: { ping: [gateway], every: 1s, failures: 2, off_for: 2s, delay: 0s, attempts: 1 } }
        """

    /// The folder of a simulated line: `value` is its level, `pull` what is connected to it.
    private static func line(_ number: Int) -> String { "/sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio\(number)" }

    private func connect(_ number: Int, _ bench: Bench, high: Bool) async throws {
        // The shell expands no pattern behind a `>`.
        try await bench.run("p=$(echo \(Self.line(number))/pull); echo pull-\(high ? "up" : "down") > $p")
    }

    private func level(_ number: Int, _ bench: Bench) async throws -> String {
        try await bench.run("cat \(Self.line(number))/value")
    }

    private func start(_ bench: Bench) async throws {
        try await bench.network.start()
        try await bench.unit.configure(site: Self.site)
        try await bench.run("systemctl start picli-relays picli-host")
        try await bench.unit.start(site: Self.site)
    }

    @Test("a contact is read, counted over a restart, and switches a line by a rule; bouncing is not counted")
    func inputs() async throws {
        try await Bench.resume { bench in
            try await start(bench)
            try await bench.unit.value("input.state@door", 0)
            #expect(try await level(27, bench) == "0")
            try await connect(23, bench, high: false)
            try await bench.unit.value("input.state@door", 1)
            try await eventually(bench, "the lamp") { try await level(27, bench) == "1" }
            try await connect(23, bench, high: true)
            try await bench.unit.value("input.state@door", 0)
            try await eventually(bench, "the lamp off") { try await level(27, bench) == "0" }
            // Shorter than the debouncing.
            try await bench.run("p=$(echo \(Self.line(23))/pull); echo pull-down > $p; echo pull-up > $p")
            try await bench.run(
                "p=$(echo \(Self.line(24))/pull); for turn in $(seq 200); do echo pull-down > $p; echo pull-up > $p; done"
            )
            try await bench.unit.value("input.count@flow", 200)
            try await bench.unit.value("input.count@door", 1)
            let onTime = try await bench.unit.reading("input.on_time@door", "a time") { $0.value != nil }.value ?? 0
            #expect(onTime > 0.05 && onTime < 60)
            try await bench.run("systemctl restart picli")
            try await bench.unit.value("input.count@flow", 200)
            let events = try await bench.unit.events().map(\.event).filter { $0.code.rawValue == "relay.switched" }
            #expect(events.filter { $0.subject == "lamp" && $0.values["kind"] == .text("rule") }.count == 2)
        }
    }

    @Test("a line that somebody else has is told so, and read once it is free")
    func taken() async throws {
        try await Bench.resume { bench in
            try await bench.run("systemd-run --unit thief --quiet gpiomon -B pull-up pinctrl-bcm2711 23")
            try await start(bench)
            let missing = try await bench.unit.noData("input.state@door")
            #expect(missing?.reason == .busError && missing?.detail?.contains("GPIO23") == true, "\(missing as Any)")
            try await bench.run("systemctl stop thief")
            try await bench.unit.value("input.state@door", 0)
        }
    }

    @Test("a router that answers no ping is cut and given power again; while our own cable is out nothing is cut")
    func pings() async throws {
        try await Bench.resume { bench in
            try await start(bench)
            // The load has power while the relay rests: its contact is a closed one, its level low.
            #expect(try await level(22, bench) == "1")
            try await Task.sleep(for: .seconds(5))
            #expect(try await level(22, bench) == "1")
            try await bench.network.disturb(.router, losing: 100, doubling: 0)
            try await eventually(bench, "the cut") { try await level(22, bench) == "0" }
            try await eventually(bench, "power again") { try await level(22, bench) == "1" }
            let cut = try await bench.unit.events().map(\.event).first { $0.values["state"] == .text("off") }
            #expect(cut?.subject == "modem" && cut?.values["kind"] == .text("watchdog"))
            try await bench.run("picli relay watchdog modem on && ip link set lan down")
            try await Task.sleep(for: .seconds(8))
            #expect(try await level(22, bench) == "1")
        }
    }

    private func eventually(
        _ bench: Bench, _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchFailure("not in time: \(what)\n\(try await bench.unit.log())")
    }
}
