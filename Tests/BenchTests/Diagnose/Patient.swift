import Bench
import Foundation
import Site
import Testing

/// A whole site on the bench of which all is well, ready to be broken.
struct Patient: Sendable {
    static let probes = ["28-0000075ff6b1", "28-0000075ff6b2"]

    static let site = """
        site: { name: Bench }
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

    let bench: Bench

    /// Puts everything up, and waits until nothing is found.
    ///
    /// - Parameter prepare: Runs before the unit starts.
    static func healthy(
        _ bench: Bench, _ prepare: (Bench) async throws -> Void = { _ in }
    ) async throws -> Patient {
        let patient = Patient(bench: bench)
        try await bench.network.start()
        // The world outside, by its name.
        try await bench.run(
            """
            ip -n router addr add 198.51.100.7/32 dev lo; ip route add default via 192.168.1.1 dev lan metric 50
            echo '198.51.100.7 fleet.example' >> /etc/hosts
            systemctl start 'run-picli\\x2dlogs.mount'; systemd-tmpfiles --create picli.conf
            umask 077; mkdir -p /etc/picli; printf 'mail: correct-horse\\n' > /etc/picli/secrets.yaml
            """)
        try await patient.plugIn()
        try await prepare(bench)
        try await bench.unit.start(site: site)
        try await bench.run("systemctl start picli-host rsyslog")
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
        for host in Network.Host.allCases {
            try await bench.run(
                """
                ip netns exec \(host.rawValue) python3 -c 'import socket
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"<134>flood: a line", ("\(Network.unit)", 514))'
                """)
        }
    }

    /// Waits until nothing is found; says what is, when that does not come.
    func isWell(_ what: String) async throws {
        var last: [String] = []
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let document = try await diagnosis()
            guard !document.roots.isEmpty else { return }
            last = document.roots.map { "\($0.key): \($0.evidence)" }
            try await Task.sleep(for: .milliseconds(300))
        }
        throw PatientFailure("\(what): not within 60 s; last: \(last)")
    }

    /// What `picli diagnose` finds; asked up to three times, until it is what is waited for.
    ///
    /// An emulated machine that has just been busy loses a ping, or a turn.
    func diagnosis(until isWanted: (DiagnosisDocument) -> Bool) async throws -> DiagnosisDocument {
        var document = try await diagnosis()
        for _ in 1...2 where !isWanted(document) { document = try await diagnosis() }
        return document
    }

    /// What `picli diagnose` finds now, as root.
    func diagnosis(_ arguments: String = "") async throws -> DiagnosisDocument {
        let run = try await bench.status("picli diagnose --json \(arguments)")
        guard run.status == 0 || run.status == 2 else { throw PatientFailure("picli diagnose: \(run)") }
        return try JSONDecoder().decode(DiagnosisDocument.self, from: Data(run.output.utf8))
    }
}

/// What a patient cannot do, for whoever reads the test's report.
struct PatientFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
