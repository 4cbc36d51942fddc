import Bench
import Foundation
import Site
import Testing

/// Power that really fails: the disk under the unit's state loses and tears what was not flushed.
@Suite("Power", .bench)
struct PowerTests {
    /// Cuts of one run: ten, or what `PICLI_BENCH_CUTS` says (`make powercut CUTS=1000`).
    private static let cuts: Int = ProcessInfo.processInfo.environment["PICLI_BENCH_CUTS"].flatMap(Int.init) ?? 10
    /// One number for each run of cuts: many are shared out between two machines.
    private static let seeds: [UInt64] = cuts < 100 ? [seed] : [seed, seed + 1]
    private static let seed: UInt64 =
        ProcessInfo.processInfo.environment["PICLI_BENCH_SEED"].flatMap(UInt64.init) ?? 1

    /// A file: while it is there, no cut is begun, so that a long run leaves the machine to others for a while.
    private static let pause = ProcessInfo.processInfo.environment["PICLI_BENCH_PAUSE"]

    /// A folder in which a long run keeps how far it has come: the same command goes on from there.
    private static let resume = ProcessInfo.processInfo.environment["PICLI_BENCH_RESUME"].map {
        URL(fileURLWithPath: $0)
    }

    private static let window = 2.0
    private static let probe = "28-0000075ff6b1"
    private static let site: String = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: enclosure, chip: ds18b20, address: \(probe), interval: 1s }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
        \(loads.map { "  - { id: load-\($0), chip: ina260, bus: 1, address: 0x\($0), interval: 200ms }" }.joined(separator: "\n"))
        """
    /// Addresses of chips with a loose contact: each lost and found again is an event, several a second.
    private static let loads: [String] = ["40", "41", "44", "45"]

    @Test("what was flushed survives a cut, what was not may not", arguments: [UInt64(1), 2])
    func disk(seed: UInt64) async throws {
        let disk = try VolatileDisk(seed: seed)
        try await Bench.resume(data: disk) { bench in
            for round in 1...3 {
                // What goes past the page cache is on the disk, and nobody has asked for a flush.
                try await bench.run(
                    """
                    cd /var/lib/picli; echo \(round) > kept; fallocate -l 1M lost; sync kept lost .
                    dd if=/dev/urandom of=lost bs=64k count=16 oflag=direct conv=notrunc status=none
                    """)
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

    @Test(
        "a unit whose power is cut starts, loses no acknowledged event and of history no more than the window",
        arguments: PowerTests.seeds)
    func cuts(seed: UInt64) async throws {
        let cuts = Self.cuts / Self.seeds.count
        var generator = SystemRandomNumberGenerator()
        let folder = Self.resume?.appending(path: "\(seed)")
        var standing = try Standing(folder)
        // What tears where follows from the seed, and from how far the run has come.
        let disk = try VolatileDisk(
            seed: seed &+ UInt64(standing.cuts.count) << 32, kept: folder?.appending(path: "disk"))
        try await Bench.resume(data: disk, limit: .seconds(120 + 60 * cuts)) { bench in
            while standing.cuts.count < cuts {
                let cut = standing.cuts.count + 1
                while let pause = Self.pause, FileManager.default.fileExists(atPath: pause) {
                    try await Task.sleep(for: .seconds(1))
                }
                standing.repairs += try await startAndCheck(
                    bench, against: standing.known, events: standing.known.fresh, "cut \(cut - 1) of seed \(seed)")
                standing.known.fresh = [:]
                // Every other cut comes when the disk has something to lose, the others whenever they come.
                let isStalling = cut.isMultiple(of: 2)
                if isStalling { disk.stall(afterWrites: Int.random(in: 1...40, using: &generator)) }
                let end = ContinuousClock.now + .seconds(Double.random(in: 0.2...3, using: &generator))
                let limit = ContinuousClock.now + .seconds(30)
                repeat {
                    do { try await standing.known.take(from: bench) } catch  where disk.isStalled { break }
                    try await Task.sleep(for: .milliseconds(50))
                } while !disk.isStalled && ContinuousClock.now < (isStalling ? limit : end)
                try await bench.cutPower()
                try standing.note(disk.cuts.last, in: folder)
                try await bench.powerOn()
                if cut % 50 == 0 { print("power cuts: \(cut) of seed \(seed) so far, \(standing.summary)") }
            }
            standing.repairs += try await startAndCheck(
                bench, against: standing.known, events: standing.known.events, "the last cut of seed \(seed)")
        }
        #expect(standing.known.events.count >= cuts, "the unit wrote hardly any event")
        #expect(standing.harmful >= cuts / 2, "hardly a cut did harm: \(standing.summary)")
        print(
            """
            power cuts: \(cuts), seed \(seed); \(standing.known.events.count) events shown before a cut, all kept; \
            \(standing.summary); \(standing.repairs) times fsck had something to repair
            """)
    }

    /// How far a run of cuts has come.
    private struct Standing: Codable {
        var cuts: [VolatileDisk.Cut] = []
        var known = Known()
        var repairs = 0

        /// - Parameter folder: Made when it is not there; nil for a run that is not kept.
        init(_ folder: URL?) throws {
            guard let folder else { return }
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            guard let data = try? Data(contentsOf: Self.file(in: folder)) else { return }
            self = try JSONDecoder().decode(Standing.self, from: data)
        }

        mutating func note(_ cut: VolatileDisk.Cut?, in folder: URL?) throws {
            cuts += cut.map { [$0] } ?? []
            guard let folder else { return }
            try JSONEncoder().encode(self).write(to: Self.file(in: folder), options: .atomic)
        }

        private static func file(in folder: URL) -> URL { folder.appending(path: "standing.json") }

        var harmful: Int { cuts.count { $0.unflushed > 0 } }

        var summary: String {
            let torn = cuts.count { $0.kept > 0 && $0.kept < $0.unflushed }
            let sectors = cuts.reduce(0) { $0 + $1.unflushed }
            return "\(harmful) cuts met unflushed sectors (\(sectors) in all), \(torn) kept a part of them"
        }
    }

    /// Starts the unit as a cut left it.
    ///
    /// - Returns: 1 when the file system had to be repaired before.
    private func startAndCheck(
        _ bench: Bench, against known: Known, events: [RowID: Event.Code], _ place: String
    ) async throws -> Int {
        try await connect(to: bench)
        try await bench.unit.start(site: Self.site)
        let complaint = try await check(bench, against: known, events: events)
        #expect(complaint == nil, "\(place): \(complaint ?? "")")
        let files = try await bench.run(
            """
            cd /var/lib/picli; for f in *.sqlite; do all="${all:-} attach '$f' as d${n:=0};"; n=$((n + 1)); done
            sqlite3 -readonly :memory: "$all pragma integrity_check"
            find . -name '*.tmp*' -o -name '*damaged*' -o -name '.*.new'
            grep -q 'FIXED\\|WAS MODIFIED' /run/fsck.log && echo repaired || echo clean
            """)
        #expect(["ok\nrepaired", "ok\nclean"].contains(files), "\(place): integrity, half-written files: \(files)")
        return files.hasSuffix("repaired") ? 1 : 0
    }

    /// What a client has been shown, and may rely on.
    private struct Known: Codable {
        /// Every event, and those since the cut before.
        var events: [RowID: Event.Code] = [:]
        var fresh: [RowID: Event.Code] = [:]
        /// The newest sample that a client has seen, in milliseconds since 1970.
        var newest: Int64 = 0

        mutating func take(from bench: Bench) async throws {
            for event in try await bench.unit.events()
            where events.updateValue(event.event.code, forKey: event.id) == nil {
                fresh[event.id] = event.event.code
            }
            let latest = try await bench.unit.latest().first { $0.metric.name == "battery.voltage" && $0.value != nil }
            newest = max(newest, latest?.time.wall ?? 0)
        }
    }

    /// Plugs in the chips, and lets the contacts of the loads come and go.
    private func connect(to bench: Bench) async throws {
        let loads = Self.loads.joined(separator: " ")
        try await bench.run(
            """
            cd /sys/kernel/config/sitesim; mkdir w1/gpio4/\(Self.probe); echo 21500 > w1/gpio4/\(Self.probe)/temperature
            cd i2c/1; mkdir ads1115@48; echo dc 1200000 > ads1115@48/ain1; for a in \(loads); do mkdir ina260@$a; done
            nohup sh -c 'while :; do for fault in nack none; do for a in \(loads); do
              echo $fault > ina260@$a/fault; sleep 0.25; done; done; done' > /dev/null 2>&1 &
            """)
        try await bench.oneWire.search()
    }

    /// Nil when everything that may be relied on is there; else what is missing.
    ///
    /// - Parameter events: What must be there of events: those since the cut before, or all that were ever shown.
    private func check(
        _ bench: Bench, against known: Known, events wanted: [RowID: Event.Code]
    ) async throws -> String? {
        var missing = wanted
        var before: String? = ""
        while let page = before, !missing.isEmpty {
            let data = try await bench.unit.get("/api/v1/events?limit=500\(page)")
            let document = try JSONDecoder().decode(EventsDocument.self, from: data)
            for event in document.events {
                if event.event.code.rawValue.hasPrefix("database.") {
                    return "a database was damaged: \(event.event.message)"
                }
                if missing[event.id] == event.event.code { missing[event.id] = nil }
            }
            before = document.next.map { "&before=\($0)" }
        }
        guard missing.isEmpty else { return "\(missing.count) acknowledged events are lost: \(missing)" }
        if known.newest > 0 {
            let from = ISO8601.string(milliseconds: known.newest - 60_000)
            let to = ISO8601.string(milliseconds: known.newest)
            let data = try await bench.unit.get("/api/v1/series?metric=battery.voltage&step=raw&from=\(from)&to=\(to)")
            let document = try JSONDecoder().decode(SeriesDocument.self, from: data)
            let last = document.series.flatMap(\.points).map(\.time).max() ?? 0
            let gap = Double(known.newest - last) / 1000
            // The window, one interval, and what a commit takes on a slow disk of a busy emulator; two windows are more.
            guard gap <= Self.window + 1 + 2 else { return "history ends \(gap) s before what was seen" }
        }
        return nil
    }
}
