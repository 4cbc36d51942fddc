import Bench
import Foundation
import Site
import Testing

/// What happens to the machine, not to the sensors: a process that hangs, a disk that does, a clock that is wrong.
@Suite("Faults", .bench)
struct FaultTests {
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1, interval: 1s }
        """

    private func start(_ bench: Bench) async throws -> Thermometer {
        let probe = try await bench.oneWire.plug("28-0000075ff6b1", celsius: 21.5)
        try await bench.unit.start(site: Self.site)
        try await bench.unit.value("enclosure.temperature", 21.5)
        return probe
    }

    @Test("a process that is stopped is back within 30 s")
    func stopped() async throws {
        try await Bench.resume { bench in
            let began = ContinuousClock.now
            let probe = try await start(bench)
            let firstStart = ContinuousClock.now - began
            let stopped = ContinuousClock.now
            let uptime = try await bench.run(
                "cut -d' ' -f1 /proc/uptime; kill -STOP $(systemctl show -p MainPID --value picli)")
            try await probe.set(celsius: 30)
            try await eventually("a new process", within: .seconds(40), poll: .milliseconds(300)) {
                try await bench.unit.restarts() == 1
            }
            try await bench.unit.value("enclosure.temperature", 30, within: .seconds(20))
            // A start is emulated here, and takes as long as the first one did.
            #expect(ContinuousClock.now - stopped - firstStart < .seconds(26))
            // What is the watchdog's and systemd's, by the machine's own clock: 20 s and 2 s.
            let started = try await bench.run("systemctl show -P ExecMainStartTimestampMonotonic picli")
            let times = try (#require(Double(uptime)), #require(Double(started)))
            #expect(times.1 / 1e6 - times.0 < 25)
        }
    }

    @Test("a disk that does not answer for a while is waited for, and everything goes on")
    func suspended() async throws {
        try await Bench.resume { bench in
            let probe = try await start(bench)
            try await bench.disk.suspend()
            try await Task.sleep(for: .seconds(8))
            try await bench.disk.resume()
            try await probe.set(celsius: 31)
            try await bench.unit.value("enclosure.temperature", 31, within: .seconds(40))
        }
    }

    @Test("a disk that hangs for longer than the watchdog is survived")
    func hanging() async throws {
        try await Bench.resume { bench in
            let probe = try await start(bench)
            try await bench.disk.suspend()
            try await Task.sleep(for: .seconds(26))
            let start = ContinuousClock.now
            try await bench.disk.resume()
            try await probe.set(celsius: 32)
            try await eventually("the unit answers", within: .seconds(40), poll: .milliseconds(500)) {
                let latest = try? await bench.unit.latest()
                return latest?.contains { $0.metric.name == "enclosure.temperature" && $0.value == 32 } == true
            }
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(
                try await bench.run("sqlite3 -readonly /var/lib/picli/history.sqlite 'pragma integrity_check'") == "ok")
        }
    }

    @Test("on a full disk the unit goes on sensing, and stores again when there is room")
    func full() async throws {
        try await Bench.resume { bench in
            let probe = try await start(bench)
            try await bench.disk.fill()
            try await Task.sleep(for: .seconds(6))
            try await probe.set(celsius: 33)
            try await bench.unit.value("enclosure.temperature", 33, within: .seconds(40))
            try await bench.disk.empty()
            try await Task.sleep(for: .seconds(6))
            try await bench.unit.stop()
            #expect(
                try await bench.run("sqlite3 -readonly /var/lib/picli/history.sqlite 'pragma integrity_check'") == "ok")
            let stored = try await bench.run(
                "picli readings query enclosure --since 10s --step raw --state /var/lib/picli --json")
            #expect(stored.contains("33"), "\(stored)")
        }
    }

    @Test("with writes that fail the unit goes on sensing, and works again on a repaired disk")
    func writeErrors() async throws {
        try await Bench.resume { bench in
            let probe = try await start(bench)
            try await bench.disk.failWrites()
            try await Task.sleep(for: .seconds(8))
            try await probe.set(celsius: 34)
            try await bench.unit.value("enclosure.temperature", 34, within: .seconds(40))
            try await bench.unit.stop()
            try await bench.disk.repair()
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("enclosure.temperature", 34)
        }
    }

    @Test("with a disk that has turned read-only the unit goes on sensing, also after a start")
    func readOnly() async throws {
        try await Bench.resume { bench in
            let probe = try await start(bench)
            try await bench.disk.remountReadOnly()
            try await probe.set(celsius: 35)
            try await bench.unit.value("enclosure.temperature", 35, within: .seconds(40))
            try await bench.run("systemctl restart picli")
            try await probe.set(celsius: 36)
            try await bench.unit.value("enclosure.temperature", 36)
            let page = String(decoding: try await bench.unit.get("/"), as: UTF8.self)
            #expect(page.contains("Nothing can be stored."))
        }
    }

    @Test("a clock that is set by years neither stops the unit nor loses a reading")
    func clock() async throws {
        try await Bench.resume { bench in
            // As a Pi without a network begins: at the time of its last shutdown, or of its image. (Linux refuses a time
            // at which it would have been started before 1970.)
            let mark = "/run/systemd/timesync/synchronized"
            try await bench.run("rm \(mark); date -s 2019-07-10")
            let probe = try await start(bench)
            let before = try #require(try await bench.unit.latest().first { $0.metric.name == "enclosure.temperature" })
            #expect(!before.time.isTrusted)
            let now = Date().timeIntervalSince1970
            try await bench.run("date -s @\(now); touch \(mark)")
            try await probe.set(celsius: 36)
            // The first 36 may belong to a collection that had begun before the clock was set.
            try await bench.unit.reading("enclosure.temperature", "36 °C, now") {
                $0.value == 36 && $0.time.wall > Int64(now * 1000) - 1000
            }
            try await eventually("the clock is trusted") {
                try await bench.unit.latest().first { $0.metric.name == "enclosure.temperature" }?.time.isTrusted
                    == true
            }
            #expect(try await bench.unit.restarts() == 0)
            // What was recorded before is moved to when it was.
            try await bench.unit.stop()
            let stored = try await bench.run(
                "picli readings query enclosure --since 10m --step raw --state /var/lib/picli --json")
            #expect(stored.contains("21.5") && stored.contains("36"), "\(stored)")
            let old = try await bench.status(
                "picli readings query enclosure --from 2019-07-09T00:00:00Z --to 2019-07-12T00:00:00Z --state /var/lib/picli --json"
            )
            #expect(!old.output.contains("21.5"), "\(old)")
        }
    }
}
