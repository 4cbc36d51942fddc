import Bench
import Foundation
import Site
import Testing

/// A whole site on the bench of which all is well, ready to be broken.
struct Patient: Sendable {
    static let probes = ["28-0000075ff6b1", "28-0000075ff6b2"]

    static let site = """
        site: { name: Bench, customer: Canary Corporation, timezone: America/Denver }
        history: { window: 2s }
        logs: { window: 2s }
        network:
          interface: lan
          unit: \(Network.unit)/24
          router: { address: \(Network.Host.router.address) }
          camera: { address: \(Network.Host.camera.address) }
          witness: fleet.example
        sensors:
          - { id: enclosure, chip: ds18b20, address: \(probes[0]), interval: 1s }
          - { id: outside, chip: ds18b20, address: \(probes[1]), interval: 1s }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
          - { id: camera-power, chip: ina260, bus: 1, address: 0x40, interval: 1s }
          - { id: air, chip: bme280, bus: 1, address: 0x76, interval: 1s }

        """

    /// The way out, and no other one: the machine has one to QEMU, which leads nowhere.
    static let wayOut =
        "while ip route del default 2>/dev/null; do :; done; ip route add default via \(Network.Host.router.address) dev lan"

    /// What rightly tells of earlier faults of a machine on which one thing is broken after the other.
    static let remembering: Set<String> = [
        "board.errors", "sensors.contact", "sensors.noise", "services.restarts", "relays.chatter",
    ]

    let bench: Bench

    /// Puts everything up, and waits until nothing is found.
    ///
    /// - Parameter prepare: Runs before the unit starts.
    static func healthy(
        _ bench: Bench, site: String = site, _ prepare: (Bench) async throws -> Void = { _ in }
    ) async throws -> Patient {
        let patient = Patient(bench: bench)
        try await bench.network.start()
        // It began before the machine was frozen, in what counts as another boot.
        try await bench.run("rm -f /run/log/journal/*/*; systemctl restart systemd-journald")
        // The world outside, by its name. Who hangs is not ended before anybody has seen it.
        try await bench.run(
            """
            \(wayOut); ip -n router addr add 198.51.100.7/32 dev lo
            echo '198.51.100.7 fleet.example' >> /etc/hosts
            systemctl start 'run-picli\\x2dlogs.mount'; systemd-tmpfiles --create picli.conf
            printf 'mail: correct-horse\\n' > /etc/picli/secrets.yaml
            chgrp picli /etc/picli/secrets.yaml; chmod 640 /etc/picli/secrets.yaml
            for unit in picli picli-relays; do
              mkdir -p /run/systemd/system/$unit.service.d
              printf '[Service]\\nWatchdogSec=0\\n' > /run/systemd/system/$unit.service.d/bench.conf
            done; systemctl daemon-reload
            """)
        try await patient.plugIn()
        try await bench.unit.configure(site: site)
        try await prepare(bench)
        try await bench.unit.start(site: site)
        try await bench.run("systemctl start picli-host rsyslog; sleep 1; \(wayOut)")
        try await patient.sendLines()
        try await patient.isWell("a site of which all is well")
        return patient
    }

    func plugIn() async throws {
        for (index, address) in Self.probes.enumerated() {
            try await bench.oneWire.plug(address, celsius: 20.5 + Double(index))
        }
        try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48).set(1, .dc(volts: 1.15))
        try await bench.i2c.plug(SimulatedINA260.self, at: 0x40).set(volts: 12, amperes: 0.75)
        try await bench.i2c.plug(SimulatedBME280.self, at: 0x76).set(
            celsius: 21, percent: 40, pascal: 100_653)
    }

    /// One log line of router and camera each.
    func sendLines() async throws {
        for host in Network.Host.allCases { try await send("<134>flood: a line", from: host) }
    }

    /// One log line by UDP.
    ///
    /// - Parameter address: Whence it comes, when the host has more than one.
    func send(_ line: String, from host: Network.Host, address: String? = nil) async throws {
        try await bench.run(
            """
            ip netns exec \(host.rawValue) python3 -c 'import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(("\(address ?? host.address)", 0))
            s.sendto(sys.stdin.buffer.read(), ("\(Network.unit)", 514))'
            """, input: Data(line.utf8))
    }

    /// Waits until nothing is found; says what is, when that does not come.
    func isWell(_ what: String) async throws {
        var last: [String] = []
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let document = try await diagnosis()
            let roots = document.roots.filter { !Self.remembering.contains($0.id) }
            guard !roots.isEmpty else { return }
            last = roots.map { "\($0.key): \($0.evidence)" }
            try await Task.sleep(for: .milliseconds(300))
        }
        throw PatientFailure("\(what): not within 120 s; last: \(last)")
    }

    /// What `picli diagnose` finds; asked up to three times, until it is what is waited for.
    ///
    /// An emulated machine that has just been busy loses a ping, or a turn.
    func diagnosis(until isWanted: (DiagnosisDocument) -> Bool) async throws -> DiagnosisDocument {
        var document = try await diagnosis()
        for _ in 1...2 where !isWanted(document) { document = try await diagnosis() }
        return document
    }

    /// Four times what a Raspberry Pi needs: the processor is emulated, and others want it, too.
    static let seconds = 40

    /// What `picli diagnose` finds now, as root.
    func diagnosis(_ arguments: String = "") async throws -> DiagnosisDocument {
        let run = try await bench.status("picli diagnose --json --timeout \(Self.seconds) \(arguments)")
        guard run.status == 0 || run.status == 2 else { throw PatientFailure("picli diagnose: \(run)") }
        let document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(run.output.utf8))
        #expect((run.status == 2) == [.fail, .unknown].contains(document.verdict), "\(run.status) \(document.verdict)")
        return document
    }

    /// Has a finding set right by the command that is proposed for it, which must cure it.
    func fix(_ word: String) async throws {
        struct Repairs: Decodable {
            struct Repair: Decodable {
                let finding: String
                let command: String
                let cured: Bool
            }
            let repairs: [Repair]
        }
        let run = try await bench.status("picli diagnose --fix '\(word)' --json --timeout \(Self.seconds)")
        #expect(run.status == 0, "\(word): \(run)")
        let repairs = (try? JSONDecoder().decode(Repairs.self, from: Data(run.output.utf8)))?.repairs ?? []
        #expect(!repairs.isEmpty && repairs.allSatisfy(\.cured), "\(word): \(run)")
    }
}

/// What a patient cannot do, for whoever reads the test's report.
struct PatientFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
