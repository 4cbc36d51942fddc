import Foundation
import Site

@testable import Store

/// A state directory of its own, gone when the test is over.
final class Workplace: Sendable {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/picli-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var history: String { directory + "/history.sqlite" }
    var journal: String { directory + "/journal.sqlite" }

    func configuration(window: Duration = .seconds(60), deployment: String? = "here") -> Store.Configuration {
        Store.Configuration(
            directory: directory, history: HistoryConfiguration(window: window), deployment: deployment)
    }

    func open(
        window: Duration = .seconds(60), boot: String = "kernel-a", at time: Timestamp = .first
    ) async -> Store {
        await Store.open(configuration(window: window), kernelBoot: boot, now: time)
    }

    /// A copy of all files as they are at this moment, as after a power cut.
    func copy() throws -> Workplace {
        let copy = try Workplace()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: "\(copy.directory)/\(name)")
        }
        return copy
    }
}

extension Timestamp {
    /// 2026-11-21T00:00:00Z, one minute after boot 1.
    static let first = Timestamp(wall: 1_795_219_200_000, boot: 1, monotonic: 60_000, isTrusted: true)

    func after(_ milliseconds: Int64) -> Timestamp {
        Timestamp(wall: wall + milliseconds, boot: boot, monotonic: monotonic + milliseconds, isTrusted: isTrusted)
    }
}

extension Metric {
    static func temperature(_ subject: String, isSimulated: Bool = false) -> Metric {
        Metric(subject, .temperature, unit: .celsius, isSimulated: isSimulated)
    }
}

extension ReadingBatch {
    /// A batch of values; nil stands for a reason.
    init(_ time: Timestamp, every interval: Duration = .seconds(1), _ values: [(Metric, Double?)]) {
        self.init(
            time: time, interval: interval,
            readings: values.map { metric, value in
                value.map { Reading(metric, at: time, value: $0) }
                    ?? Reading(metric, at: time, noData: NoData(.timeout, "no answer"))
            })
    }
}

extension Store {
    func raw(_ name: String, from: Int64 = .min, to: Int64 = .max) async throws -> Series? {
        try await series(SeriesQuery(metrics: [name], from: from, to: to, step: .raw, limit: 1_000_000)).series.first
    }
}
