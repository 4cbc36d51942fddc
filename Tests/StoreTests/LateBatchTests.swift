import Site
import Testing

@testable import Store

@Suite struct LateBatchTests {
    @Test("a batch collected before the clock was set, and stored after it, moves too")
    func late() async throws {
        let workplace = try Workplace()
        let metric = Metric("cabin", .temperature, unit: .celsius)
        let store = await Store.open(
            .init(directory: workplace.directory), kernelBoot: "kernel-a",
            now: Timestamp(wall: 0, boot: 0, monotonic: 0, isTrusted: false))
        let boot = store.boot ?? 0
        func batch(_ monotonic: Int64, _ value: Double) -> ReadingBatch {
            let time = Timestamp(wall: monotonic, boot: boot, monotonic: monotonic, isTrusted: false)
            return ReadingBatch(time: time, interval: .seconds(1), readings: [Reading(metric, at: time, value: value)])
        }
        let now: Int64 = 1_780_000_000_000
        await store.history.append(batch(1000, 1))
        try await store.clockWasSet(
            boot: boot, offset: now, at: Timestamp(wall: now + 3000, boot: boot, monotonic: 3000, isTrusted: true))
        await store.history.append(batch(2000, 2))
        let latest = try await store.latest()
        #expect(latest.map(\.time.wall) == [now + 2000])
        let query = SeriesQuery(metrics: ["cabin"], from: 0, to: now + 10_000, step: .raw)
        let points = try await store.series(query).series.first?.points ?? []
        #expect(points.map(\.time) == [now + 1000, now + 2000])
        await store.close()
    }
}
