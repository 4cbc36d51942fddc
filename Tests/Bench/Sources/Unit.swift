public import Foundation
public import Site

extension Bench {
    /// `picli serve` in the machine, under its own user and systemd.
    public nonisolated var unit: Unit { Unit(bench: self) }
}

extension Bench {
    /// What the service takes at one moment.
    public struct Footprint: Sendable {
        /// Memory that is its own alone, in bytes (`Anonymous` of smaps_rollup, proc(5)).
        public let anonymous: Int
        /// Its share of all it uses, in bytes (`Pss`).
        public let proportional: Int
        public let descriptors: Int
    }
}

/// The product on the bench.
public struct Unit: Sendable {
    let bench: Bench

    /// Writes the site file and starts the service; returns when it says that it is ready.
    public func start(site: String) async throws {
        let run = try await bench.status("\(Self.configuring) && systemctl start picli", input: Data(site.utf8))
        guard run.status == 0 else { throw BenchFailure("picli does not start: \(run.error)\n\(try await log())") }
    }

    /// Writes the site file.
    public func configure(site: String) async throws {
        try await bench.run(Self.configuring, input: Data(site.utf8))
    }

    private static let configuring =
        "cd /etc && mkdir -p picli && cat > picli/site.yaml && chgrp picli picli/site.yaml && chmod 640 picli/site.yaml"

    public func stop() async throws { try await bench.run("systemctl stop picli") }

    /// The answer of a path of its HTTP API.
    ///
    /// Asked from outside of the machine: there a client costs more than the answer.
    public func get(_ path: String) async throws -> Data {
        let socket = try await bench.forward(port: 8080)
        let output = try await Child.run([
            "curl", "-sS", "--fail-with-body", "-m", "10", "--unix-socket", socket.path, "http://127.0.0.1:8080\(path)",
        ])
        guard output.status == 0 else {
            throw BenchFailure(
                "GET \(path): \(String(decoding: output.standardError + output.standardOutput, as: UTF8.self))")
        }
        return output.standardOutput
    }

    public func latest() async throws -> [Reading] {
        try JSONDecoder().decode(LatestDocument.self, from: try await get("/api/v1/latest")).readings
    }

    public func events() async throws -> [RecordedEvent] {
        try JSONDecoder().decode(EventsDocument.self, from: try await get("/api/v1/events")).events
    }

    /// Waits for a reading of this name that the condition accepts.
    @discardableResult
    public func reading(
        _ name: String, _ what: String, within limit: Duration = Bench.patience, where isWanted: (Reading) -> Bool
    ) async throws -> Reading {
        var last = "nothing"
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            do {
                let reading = try await latest().first { $0.metric.name == name }
                if let reading, isWanted(reading) { return reading }
                last = reading.map { "\($0.outcome)" } ?? "nothing"
            } catch let failure as BenchFailure {
                // While the service starts again, nobody answers.
                last = failure.description
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw BenchFailure("\(name): not within \(limit): \(what); last: \(last)")
    }

    /// Waits for a value within a tolerance.
    @discardableResult
    public func value(
        _ name: String, _ wanted: Double, plusMinus tolerance: Double = 0.001, within limit: Duration = Bench.patience
    ) async throws -> Reading {
        try await reading(name, "\(wanted) ± \(tolerance)", within: limit) {
            $0.value.map { abs($0 - wanted) <= tolerance } ?? false
        }
    }

    /// Waits until there is no value, and returns why.
    public func noData(_ name: String, within limit: Duration = Bench.patience) async throws -> NoData? {
        try await reading(name, "no data", within: limit) { $0.noData != nil }.noData
    }

    public func footprint() async throws -> Bench.Footprint {
        let text = try await bench.run(
            """
            p=$(systemctl show -p MainPID --value picli)
            awk '/^(Pss|Anonymous):/ {print $2}' /proc/$p/smaps_rollup; ls /proc/$p/fd | wc -l
            """)
        let numbers = text.split(separator: "\n").compactMap { Int($0) }
        guard numbers.count == 3 else { throw BenchFailure("no footprint: \(text)") }
        return Bench.Footprint(
            anonymous: numbers[1] * 1024, proportional: numbers[0] * 1024, descriptors: numbers[2])
    }

    /// What systemd and the service wrote.
    public func log() async throws -> String {
        try await bench.run("journalctl -q --no-pager -o cat -u picli | tail -40")
    }

    public func isActive() async throws -> Bool {
        try await bench.status("systemctl is-active -q picli").status == 0
    }

    /// How often systemd has started it again.
    public func restarts() async throws -> Int {
        Int(try await bench.run("systemctl show -p NRestarts --value picli")) ?? -1
    }
}
