import Bench
import Foundation
import Site
import Testing

private let minutes = ProcessInfo.processInfo.environment["PICLI_BENCH_LOAD_MINUTES"].flatMap(Int.init) ?? 0

/// Many people look at a unit that has much to read.
///
/// By hand: `make load-vm MINUTES=20`.
@Suite("Load", .bench, .enabled(if: minutes > 0, "by hand: make load-vm"))
struct LoadTests {
    private static let converters = [0x48, 0x49, 0x4A, 0x4B] as [UInt8]
    private static let site = """
        site: { name: Bench }
        sensors:
        \(converters.flatMap { address in (0..<4).map { input in
            "  - { id: v\(String(address, radix: 16))-\(input), chip: ads1115, bus: 1, address: 0x\(String(address, radix: 16)), "
                + "input: AIN\(input)-GND, range: 4.096, unit: V, interval: 1s }"
        } }.joined(separator: "\n"))
        """

    @Test("200 web clients and 16 channels at 1 Hz: memory and descriptors stay, no tick is missed")
    func clients() async throws {
        try await Bench.resume(limit: .seconds(minutes * 60 + 300)) { bench in
            for address in Self.converters {
                let chip = try await bench.i2c.plug(SimulatedADS1115.self, at: address)
                for input in 0..<4 { try await chip.set(input, .dc(volts: 1 + Double(input) / 10)) }
            }
            try await bench.run("i2cdetect -y 1 > /dev/null; echo 400000 > /sys/kernel/config/sitesim/i2c/1/bitrate")
            try await bench.unit.start(site: Self.site)
            let start = Date()
            async let report = bench.webClients.look(watching: 32, polling: 168, for: .seconds(minutes * 60))
            var footprints: [Bench.Footprint] = []
            for _ in 0..<minutes {
                try await Task.sleep(for: .seconds(60))
                let footprint = try await bench.unit.footprint()
                footprints.append(footprint)
                print(
                    "load: minute \(footprints.count): anonymous \(footprint.anonymous >> 10) kB, "
                        + "PSS \(footprint.proportional >> 10) kB, \(footprint.descriptors) descriptors")
            }
            let seen = try await report
            print("load: \(seen.answers) answers, \(seen.events) live events, p99 \(Int(seen.p99)) ms")
            #expect(seen.failures.isEmpty, "\(seen.failures)")
            #expect(try await bench.unit.restarts() == 0)
            try await expectEveryTick(bench, since: start)
            expectNoGrowth(footprints)
        }
    }

    private func expectEveryTick(_ bench: Bench, since start: Date) async throws {
        let from = ISO8601.string(milliseconds: Int64(start.timeIntervalSince1970 * 1000) + 1000)
        let data = try await bench.unit.get("/api/v1/series?metric=v48-0.voltage&step=raw&from=\(from)")
        let times = try JSONDecoder().decode(SeriesDocument.self, from: data).series.flatMap(\.points).map(\.time)
        let longest = zip(times.dropFirst(), times).map { $0 - $1 }.max() ?? .max
        print("load: \(times.count) readings of one channel, longest step \(longest) ms")
        #expect(times.count >= minutes * 60 - 5)
        #expect(longest < 2000, "a tick was missed")
    }

    /// Least squares over the second half: the first is spent on filling caches.
    private func expectNoGrowth(_ footprints: [Bench.Footprint]) {
        let half = Array(footprints.dropFirst(footprints.count / 2))
        let middle = Double(half.count - 1) / 2
        let mean = Double(half.reduce(0) { $0 + $1.anonymous }) / Double(half.count)
        let products = half.enumerated().map { (Double($0) - middle) * (Double($1.anonymous) - mean) }
        let squares = half.indices.map { (Double($0) - middle) * (Double($0) - middle) }.reduce(0, +)
        let slope = squares > 0 ? products.reduce(0, +) / squares : 0
        print("load: anonymous memory grows by \(Int(slope / 1024)) kB a minute")
        #expect(slope < 32 * 1024)
        let descriptors = half.map(\.descriptors)
        #expect((descriptors.max() ?? 0) - (descriptors.min() ?? 0) < 100, "\(descriptors)")
    }
}
