import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Site
import Testing

/// The built binary as a unit: started, asked, hurt and stopped from outside.
@Suite(.serialized)
struct ServeTests {
    static let site = """
        site: { name: End to end, deployment: e2e-1 }
        history: { window: 2s }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1, interval: 1s }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
          - { id: cabin, chip: aht20, bus: 1, address: 0x38, interval: 1s }
        """

    /// How fast is measured by `make bench` on a machine that does nothing else: 49 ms.
    @Test("the first reading is stored soon after the start")
    func firstReading() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            try await eventually("a stored reading", within: .seconds(20)) {
                let stored = try? await Run.picli(["readings", "list", "--state", unit.state.path, "--json"])
                return stored?.output.contains("enclosure.temperature") == true
            }
            let latest = try await unit.latest()
            #expect(latest.contains { $0.metric.name == "enclosure.temperature" && $0.metric.isSimulated })
            #expect(latest.contains { $0.metric.name == "board.load_1m" && !$0.metric.isSimulated })
        }
    }

    @Test("SIGTERM ends it cleanly and at once while a live client listens")
    func stop() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            let request = HTTPClientRequest(url: unit.address + "/api/v1/live")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status == .ok)
            var iterator = response.body.makeAsyncIterator()
            var seen = ""
            while !seen.contains("event: readings"), let part = try await iterator.next() {
                seen += String(buffer: part)
            }
            #expect(seen.contains("event: readings"))
            let (after, status) = try await unit.stop()
            // A client that is waited for costs the whole budget of 8 s.
            #expect(after < .seconds(5), "took \(after)")
            #expect(status == 0, "\(unit.logText)")
        }
    }

    @Test(
        "a cursor that is none is the user's mistake, asked of the unit or of its files; an empty file is said to be one"
    )
    func mistakes() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            let query = ["readings", "query", "battery", "--cursor", "AAAA", "--state", unit.state.path]
            for isRunning in [true, false] {
                let result = try await Run.picli(query)
                #expect(result.status == 64)
                for part in ["‘AAAA’ is not a cursor", "Try: "] { #expect(result.error.contains(part), "\(result)") }
                if isRunning { _ = try await unit.stop() }
            }
            try Data().write(to: unit.state.appending(path: "history.sqlite"))
            let list = try await Run.picli(["readings", "list", "--state", unit.state.path])
            #expect(list.status == 1 && list.error.contains("is empty (0 bytes)"), "\(list)")
            try await unit.start(["--site", site.path, "--simulate"])
            #expect(unit.logText.contains("history.sqlite was an empty file of 0 bytes"))
        }
    }

    @Test("readings are read through the running unit, and from its files after it ended")
    func readBothWays() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            let arguments = ["readings", "latest", "--state", unit.state.path, "--json"]
            let live = try await Run.picli(arguments)
            #expect(live.status == 0, "\(live.error)")
            _ = try await unit.stop()
            let stored = try await Run.picli(arguments)
            #expect(stored.status == 0, "\(stored.error)")
            let names = try [live, stored].map {
                let document = try JSONDecoder().decode(LatestDocument.self, from: Data($0.output.utf8))
                return Set(document.readings.map(\.metric.name))
            }
            #expect(names[0] == names[1])
        }
    }

    @Test("a unit that is killed keeps what was committed and counts a second run")
    func killed() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            try await Task.sleep(for: .seconds(5))
            unit.kill()
            let query = [
                "readings", "query", "battery", "--since", "1h", "--step", "raw", "--state", unit.state.path, "--json",
            ]
            let kept = try await Run.picli(query)
            #expect(kept.status == 0, "\(kept.error)")
            let document = try JSONDecoder().decode(SeriesDocument.self, from: Data(kept.output.utf8))
            // 5 s at 1 Hz and a window of 2 s: at least 2 samples are on the disk.
            #expect(document.series.first?.points.count ?? 0 >= 2)
            try await unit.start(["--site", site.path, "--simulate"])
            try await eventually("a new reading") {
                try await unit.latest().contains { $0.metric.subject == "battery" && $0.value != nil }
            }
        }
    }

    @Test("a second serve on the same state is refused with a sentence")
    func second() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            let other = try await Run.picli(
                ["serve", "--site", site.path, "--state", unit.state.path, "--listen", "127.0.0.1:0", "--simulate"])
            #expect(other.status == 75)
            #expect(other.error.contains("in use"))
        }
    }

    @Test("a port in use says which one and what to type next")
    func portInUse() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            let other = try await Run.picli([
                "serve", "--site", site.path, "--state", unit.folder.appending(path: "other").path,
                "--listen", "127.0.0.1:\(unit.port)", "--simulate",
            ])
            #expect(other.status != 0)
            #expect(other.error.contains("\(unit.port)"))
            #expect(other.error.contains("Try:"))
        }
    }

    @Test("an address that is not loopback is refused")
    func notLoopback() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            let run = try await Run.picli(
                ["serve", "--site", site.path, "--state", unit.state.path, "--listen", "0.0.0.0:8080", "--simulate"])
            #expect(run.status == 64)
            #expect(run.error.contains("127.0.0.1"))
        }
    }

    @Test(
        "a damaged database is set aside, salvaged and reported while the unit senses",
        arguments: [
            "history.sqlite", "journal.sqlite", "logs.sqlite",
        ])
    func damaged(name: String) async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path, "--simulate"])
            try await Task.sleep(for: .seconds(3))
            _ = try await unit.stop()
            let file = unit.state.appending(path: name)
            var bytes = try Data(contentsOf: file)
            for offset in stride(from: 100, to: bytes.count, by: 211) { bytes[offset] ^= 0x5A }
            try bytes.write(to: file)
            try await unit.start(["--site", site.path, "--simulate"])
            try await eventually("a new reading") {
                try await unit.latest().contains { $0.metric.subject == "battery" && $0.value != nil }
            }
            try await eventually("the report") {
                try await unit.events().contains { $0.event.code.rawValue == "database.salvaged" }
            }
        }
    }

    @Test("without the buses every sensor says why, and the board is still read")
    func noBuses() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            try await unit.start(["--site", site.path])
            try await eventually("readings of all sensors") {
                let latest = try await unit.latest()
                let subjects = Set(latest.map(\.metric.subject))
                return subjects.isSuperset(of: ["enclosure", "battery", "cabin", "board"])
            }
            let latest = try await unit.latest()
            for reading in latest where ["enclosure", "battery", "cabin"].contains(reading.metric.subject) {
                #expect(reading.value == nil)
                #expect(reading.noData?.detail?.isEmpty == false)
                #expect(!reading.metric.isSimulated)
            }
        }
    }

    @Test("a broken site file is refused before anything is touched")
    func brokenSite() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: "site: { name: X }\nsensors:\n  - { id: a, chip: ds18b21 }\n")
            let run = try await Run.picli(["serve", "--site", site.path] + unit.arguments + ["--simulate"])
            #expect(run.status == 64)
            #expect(run.error.contains("site.yaml:3:"))
            #expect(!FileManager.default.fileExists(atPath: unit.state.path))
        }
    }
}
