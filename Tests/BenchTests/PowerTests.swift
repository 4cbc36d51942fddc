import Bench
import Foundation
import Site
import Testing

/// Power that really fails: the disk under the unit's state loses and tears what was not flushed.
@Suite("Power", .bench, .serialized)
struct PowerTests {
    /// Cuts of one run: ten, or what `PICLI_BENCH_CUTS` says (`make powercut CUTS=1000`).
    private static let cuts = ProcessInfo.processInfo.environment["PICLI_BENCH_CUTS"].flatMap(Int.init) ?? 10
    private static let seed = ProcessInfo.processInfo.environment["PICLI_BENCH_SEED"].flatMap(UInt64.init) ?? 1

    private static let window = 2.0
    private static let probe = "28-0000075ff6b1"
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: enclosure, chip: ds18b20, address: \(probe), interval: 1s }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
        """

    @Test("what was flushed survives a cut, what was not may not", arguments: [UInt64(1), 2])
    func disk(seed: UInt64) async throws {
        let disk = try VolatileDisk(seed: seed)
        try await Bench.resume(data: disk) { bench in
            for round in 1...3 {
                try await bench.run("cd /var/lib/picli; echo \(round) > kept; sync kept .; seq 100000 > lost")
                try await bench.cutPower()
                try await bench.powerOn()
                #expect(try await bench.run("cat /var/lib/picli/kept") == "\(round)")
            }
        }
        #expect(disk.cuts.count == 4)
        #expect(disk.cuts.contains { $0.unflushed > $0.kept })
    }

    @Test("a disk that lies about flushing is caught")
    func liar() async throws {
        let disk = try VolatileDisk(seed: 3, honesty: .lying)
        var lost = false
        try? await Bench.resume(data: disk) { bench in
            for round in 1...6 where !lost {
                try await bench.run("cd /var/lib/picli; echo \(round) > kept; sync kept .")
                try await bench.cutPower()
                do {
                    try await bench.powerOn()
                    lost = try await bench.run("cat /var/lib/picli/kept") != "\(round)"
                } catch {
                    lost = true
                }
            }
        }
        #expect(lost, "\(disk.cuts)")
    }

    @Test("a unit whose power is cut starts, loses no acknowledged event and of history no more than the window")
    func cuts() async throws {
        var generator = SystemRandomNumberGenerator()
        let disk = try VolatileDisk(seed: Self.seed)
        var known = Known()
        try await Bench.resume(data: disk) { bench in
            for cut in 1...Self.cuts {
                let probe = try await connect(to: bench)
                try await bench.unit.start(site: Self.site)
                let complaint = try await check(bench, against: known)
                #expect(complaint == nil, "cut \(cut) of seed \(Self.seed): \(complaint ?? "")")
                // Changes that are events, readings that are history; then the cut at any moment.
                try await probe.fault(cut % 2 == 0 ? .none : .crc)
                let run = Double.random(in: 0.2...4, using: &generator)
                let end = ContinuousClock.now + .seconds(run)
                repeat { try await known.take(from: bench) } while ContinuousClock.now < end
                try await bench.cutPower()
                try await bench.powerOn()
            }
            _ = try await connect(to: bench)
            try await bench.unit.start(site: Self.site)
            let complaint = try await check(bench, against: known)
            #expect(complaint == nil, "last cut of seed \(Self.seed): \(complaint ?? "")")
        }
        #expect(known.events.count >= Self.cuts, "the unit wrote hardly any event")
        let torn = disk.cuts.count { $0.kept > 0 && $0.kept < $0.unflushed }
        let sectors = disk.cuts.reduce(0) { $0 + $1.unflushed }
        print(
            """
            power cuts: \(Self.cuts), seed \(Self.seed); \(known.events.count) events shown before a cut, all kept; \
            \(sectors) unflushed sectors, \(torn) cuts that kept a part of them
            """)
    }

    /// What a client has been shown, and may rely on.
    private struct Known {
        var events: [RowID: Event.Code] = [:]
        /// The newest sample that a client has seen, in milliseconds since 1970.
        var newest: Int64 = 0

        mutating func take(from bench: Bench) async throws {
            for event in try await bench.unit.events() { events[event.id] = event.event.code }
            let latest = try await bench.unit.latest().first { $0.metric.name == "battery.voltage" && $0.value != nil }
            newest = max(newest, latest?.time.wall ?? 0)
        }
    }

    private func connect(to bench: Bench) async throws -> Thermometer {
        let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
        try await adc.set(1, .dc(volts: 1.2))
        return try await bench.oneWire.plug(Self.probe, celsius: 21.5)
    }

    /// Nil when everything that may be relied on is there; else what is missing.
    private func check(_ bench: Bench, against known: Known) async throws -> String? {
        var kept: [RowID: Event.Code] = [:]
        var before = ""
        repeat {
            let data = try await bench.unit.get("/api/v1/events?limit=500\(before)")
            let document = try JSONDecoder().decode(EventsDocument.self, from: data)
            for event in document.events { kept[event.id] = event.event.code }
            before = document.next.map { "&before=\($0)" } ?? ""
        } while !before.isEmpty
        let lost = known.events.filter { kept[$0.key] != $0.value }
        guard lost.isEmpty else { return "\(lost.count) acknowledged events are lost: \(lost)" }
        if let salvage = kept.values.first(where: { $0.rawValue.hasPrefix("database.") }) {
            return "a database was damaged: \(salvage.rawValue)"
        }
        if known.newest > 0 {
            let from = ISO8601.string(milliseconds: known.newest - 3_600_000)
            let to = ISO8601.string(milliseconds: known.newest)
            let data = try await bench.unit.get("/api/v1/series?metric=battery.voltage&step=raw&from=\(from)&to=\(to)")
            let document = try JSONDecoder().decode(SeriesDocument.self, from: data)
            let last = document.series.flatMap(\.points).map(\.time).max() ?? 0
            let gap = Double(known.newest - last) / 1000
            // The window, and one interval that was being written.
            guard gap <= Self.window + 1.5 else { return "history ends \(gap) s before what was seen" }
        }
        let state = "/var/lib/picli"
        let integrity = try await bench.run(
            "for f in \(state)/*.sqlite; do sqlite3 -readonly $f 'pragma integrity_check'; done | sort -u")
        guard integrity == "ok" else { return "integrity: \(integrity)" }
        let leftovers = try await bench.run("find \(state) -name '*.tmp*' -o -name '*damaged*' -o -name '.*.new'")
        return leftovers.isEmpty ? nil : "half-written files: \(leftovers)"
    }
}
