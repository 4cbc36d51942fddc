import Foundation
import Site
import Store

/// A history fed with the sixteen channels of a trailer: steps of thermometers, noise of converters.
struct TrailerHistory {
    private let directory: String
    private let store: Store
    private let metrics: [Metric]

    /// 2026-01-01T00:00:00Z.
    private static let start: Int64 = 1_767_225_600_000

    init(directory: String, window: Duration) async throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        store = await Store.open(
            .init(directory: directory, history: HistoryConfiguration(window: window)), kernelBoot: "benchmark",
            now: Self.time(0))
        metrics =
            (0..<8).map { Metric("t\($0)", .temperature, unit: .celsius) }
            + (0..<4).map { Metric("v\($0)", .voltage, unit: .volt) }
            + [
                Metric("air", .temperature, unit: .celsius), Metric("air", .humidity, unit: .percent),
                Metric("load", .power, unit: .watt), Metric("load", .current, unit: .ampere),
            ]
    }

    func bytesPerSample(ticks: Int) async throws -> Double {
        let before = Self.written()
        try await append(ticks: ticks, every: 1)
        await store.close()
        return Double(Self.written() - before) / Double(ticks * metrics.count)
    }

    func samplesPerSecond(ticks: Int) async throws -> Double {
        let start = ContinuousClock.now
        try await append(ticks: ticks, every: 1)
        try await store.history.flush()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        await store.close()
        return Double(ticks * metrics.count) / seconds
    }

    func fillYear() async throws {
        try await append(ticks: 365 * 1440, every: 60)
        await store.close()
    }

    /// Seconds of the first query of a process that has the files not in its cache, and of the tenth.
    func queryYear() async throws -> (cold: Double, warm: Double) {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            PageCache.drop("\(directory)/\(name)")
        }
        let reader = try await Store.reading(directory)
        let query = SeriesQuery(
            metrics: ["v0.voltage"], from: Self.start, to: Self.start + 365 * 86_400_000, step: .points(1000))
        var times: [Double] = []
        for _ in 0..<10 {
            let start = ContinuousClock.now
            let answer = try await reader.series(query)
            times.append((ContinuousClock.now - start) / .seconds(1))
            guard answer.series.first?.points.count ?? 0 > 300 else { fatalError("the year is not there") }
        }
        await reader.close()
        return (times[0], times[9])
    }

    private func append(ticks: Int, every seconds: Int64) async throws {
        var noise = Noise()
        for tick in 0..<Int64(ticks) {
            let time = Self.time(tick * seconds * 1000 + Int64(noise.next() * 2))
            let readings = metrics.enumerated().map { index, metric in
                Reading(metric, at: time, value: value(index, at: Double(tick * seconds), &noise))
            }
            await store.history.append(ReadingBatch(time: time, interval: .seconds(seconds), readings: readings))
        }
    }

    private func value(_ index: Int, at seconds: Double, _ noise: inout Noise) -> Double {
        let day = sin(seconds / 86_400 * 2 * .pi + Double(index))
        switch index {
        case 0..<8: return ((25 + 8 * day + 0.05 * noise.next()) * 16).rounded() / 16
        case 8..<12: return ((12.6 + 0.7 * day + 0.004 * noise.next()) / 0.001375).rounded() * 0.001375
        case 12: return ((25 + 8 * day + 0.03 * noise.next()) * 100).rounded() / 100
        case 13: return ((45 - 20 * day + 0.1 * noise.next()) * 100).rounded() / 100
        case 14: return ((6 + 0.3 * noise.next()) * 100).rounded() / 100
        default: return ((0.5 + 0.02 * noise.next()) * 800).rounded() / 800
        }
    }

    private static func time(_ offset: Int64) -> Timestamp {
        Timestamp(wall: start + offset, boot: 1, monotonic: offset + 60_000, isTrusted: true)
    }

    /// `wchar` of proc_pid_io(5).
    static func written() -> Int64 {
        let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("wchar") }
        return line.flatMap { Int64($0.split(separator: " ")[1]) } ?? 0
    }
}

/// Roughly normal, mean 0, deviation 1, the same in every run.
struct Noise {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> Double {
        var sum = 0.0
        for _ in 0..<4 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            sum += Double(state >> 11) / Double(1 << 53)
        }
        return (sum - 2) * 1.7
    }
}

enum PageCache {
    /// Writes a file out and drops it from the kernel's cache (posix_fadvise(2), POSIX_FADV_DONTNEED).
    static func drop(_ path: String) {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        close(descriptor)
    }
}
