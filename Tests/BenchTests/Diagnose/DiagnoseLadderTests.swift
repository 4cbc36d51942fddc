import Bench
import Foundation
import Site
import Testing

/// What a technician on a ladder does with the command: holds a wire and looks, records, adds a check of his own.
@Suite("Diagnose: on the ladder", .bench)
struct DiagnoseLadderTests {
    private static let i2c = "/sys/kernel/config/sitesim/i2c/1"
    private static let probe = "/sys/kernel/config/sitesim/w1/gpio4/\(Patient.probes[0])"

    @Test(
        "--watch shows a chip go and come, --record what changed, --fix can be taken back, and added checks are nobody's"
    )
    func ladder() async throws {
        try await Bench.resume(limit: .seconds(900)) { bench in
            let patient = try await Patient.healthy(bench)
            try await watch(bench)
            try await record(bench)
            try await repair(patient)
            try await plugins(patient)
        }
    }

    /// A repair is shown first, done, and taken back by what it says.
    private func repair(_ patient: Patient) async throws {
        struct Undo: Decodable { let undo: [String] }
        let (bench, path) = (patient.bench, "/etc/picli/secrets.yaml")
        func mode() async throws -> String { try await bench.run("stat -c %a \(path)") }
        try await bench.run("chmod 646 \(path)")
        let fix = "picli diagnose --fix identity.modes --timeout \(Patient.seconds)"
        #expect(try await bench.run("\(fix) --dry-run").contains(#"["chmod", "640", "\#(path)"]"#))
        #expect(try await mode() == "646")
        let undo = try JSONDecoder().decode(Undo.self, from: Data(try await bench.run("\(fix) --json").utf8)).undo
        #expect(try await mode() == "640")
        #expect(undo == ["chmod 646 \(path)"])
        for line in undo { try await bench.run(line) }
        #expect(try await mode() == "646")
        try await bench.run("chmod 640 \(path)")
        // What no program can do is not tried.
        let hands = try await bench.status("picli diagnose --fix power.voltage --json")
        #expect(hands.status == 1 && hands.error.contains("diagnose.well"), "\(hands)")
    }

    /// Starts the command apart from this shell, with its answer in a file.
    private func start(_ arguments: String, on bench: Bench) async throws {
        try await bench.run(
            "systemd-run -q --unit=ladder -p StandardOutput=truncate:/run/ladder picli diagnose \(arguments)")
    }

    /// Ends it as Ctrl-C does, and waits until it has ended well.
    private func end(_ bench: Bench) async throws {
        try await bench.run(
            """
            systemctl kill -s INT ladder
            n=0; while systemctl is-active -q ladder; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.2; done
            ! systemctl is-failed -q ladder
            """)
    }

    private func watch(_ bench: Bench) async throws {
        try await start("--watch --only sensors.present --timeout \(Patient.seconds)", on: bench)
        func lines() async throws -> [String] {
            try await bench.run("cat /run/ladder 2>/dev/null || true").split(separator: "\n").map(String.init)
        }
        try await eventually("all is well") { try await lines().last?.hasSuffix(" ok") == true }
        try await bench.run("echo nack > \(Self.i2c)/bme280@76/fault")
        try await eventually("it is seen") { try await lines().last?.contains(" fail sensors.present air: ") == true }
        try await bench.run("echo none > \(Self.i2c)/bme280@76/fault")
        try await eventually("it is well again") { try await lines().last?.hasSuffix(" ok") == true }
        try await end(bench)
    }

    private struct Record: Decodable {
        struct Change: Decodable {
            let key: String
            let verdict: String
        }
        struct Series: Decodable {
            let metric: String
            let least: Double?
            let greatest: Double?
        }
        let looks: Int
        let changes: [Change]
        let series: [Series]
    }

    private func record(_ bench: Bench) async throws {
        try await start("--record --json --timeout \(Patient.seconds)", on: bench)
        // Until it has looked for sure, each time: a look takes some seconds here.
        try await Task.sleep(for: .seconds(25))
        try await bench.run("echo nack > \(Self.i2c)/bme280@76/fault; echo 35000 > \(Self.probe)/temperature")
        try await Task.sleep(for: .seconds(25))
        try await bench.run("echo none > \(Self.i2c)/bme280@76/fault; echo 20500 > \(Self.probe)/temperature")
        try await Task.sleep(for: .seconds(25))
        try await end(bench)
        let record = try JSONDecoder().decode(Record.self, from: Data(try await bench.run("cat /run/ladder").utf8))
        #expect(record.looks >= 3)
        let changes = record.changes.filter { $0.key == "sensors.present air" }.map(\.verdict)
        #expect(changes == ["fail", "ok"], "\(record.changes)")
        #expect(record.changes.allSatisfy { $0.key == "sensors.present air" }, "\(record.changes)")
        let enclosure = record.series.first { $0.metric == "enclosure.temperature" }
        #expect(enclosure?.least == 20.5 && enclosure?.greatest == 35, "\(String(describing: enclosure))")
    }

    private func plugins(_ patient: Patient) async throws {
        let scripts = [
            // It tells who it is, and whether it may read what it must not.
            "tank": #"""
            if cat /etc/picli/secrets.yaml > /dev/null 2>&1 || kill -0 1 2>/dev/null; then may=may; else may='may not'; fi
            printf '{"verdict": "warn", "evidence": "uid %s, %s", "cause": "empty", ' "$(id -u)" "$may"
            echo '"fix": {"text": "fill it", "command": "tank log"}}'
            """#,
            "hangs": "sleep 600", "babbles": "yes", "not-here": "exit 2",
        ]
        let folder = "/usr/local/lib/picli/checks.d"
        // Files that somebody has put on the unit, in the language in which such checks are written.
        for (name, body) in scripts {
            try await patient.bench.run(
                "mkdir -p \(folder); cat > \(folder)/\(name); chmod 755 \(folder)/\(name)",
                input: Data("#!/bin/sh\n\(body)\n".utf8))
        }
        try await patient.bench.run("cp \(folder)/tank \(folder)/anybodys; chmod 777 \(folder)/anybodys")
        let document = try await patient.diagnosis()
        let added = Dictionary(
            document.checks.filter { $0.id == "added.checks" }.map { ($0.subject ?? "", $0) }
        ) { first, _ in first }
        let wanted: [String: Verdict] = [
            "tank": .warn, "hangs": .unknown, "babbles": .unknown, "not-here": .skipped, "anybodys": .unknown,
        ]
        #expect(added.mapValues(\.verdict) == wanted, "\(added)")
        #expect(added["tank"]?.evidence == "uid 65534, may not")
        #expect(added["tank"]?.fix == Finding.Fix("fill it", command: "tank log"))
        #expect(added["anybodys"]?.evidence.contains("others than root can change it") == true)
        #expect(Set(document.roots.map(\.id)).subtracting(Patient.remembering) == ["added.checks"])
        // Nothing of it goes on afterwards.
        #expect(try await patient.bench.status("pgrep -u nobody").status == 1)
        try await patient.bench.run("rm -r \(folder)")
        try await patient.isWell("without added checks")
    }
}
