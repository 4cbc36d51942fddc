import Site
import Testing

@testable import Store

@Suite("The newest readings")
struct LatestReadingsTests {
    private static func reading(_ name: String, _ value: Double, at wall: Int64 = 1_000) -> Reading {
        Reading(
            Metric(name, Quantity(rawValue: "voltage"), unit: .volt),
            at: Timestamp(wall: wall, boot: 1, monotonic: wall, isTrusted: false), value: value)
    }

    private func names(_ latest: LatestReadings) -> [String] { latest.readings.map(\.metric.subject) }

    @Test("each series once, in the order in which the series were first seen, whatever order they come in")
    func order() {
        var latest = LatestReadings()
        #expect(latest.isEmpty)
        latest.note(Self.reading("c", 1), of: 30, order: 7)
        latest.note(Self.reading("a", 2), of: 10, order: 2)
        latest.note(Self.reading("b", 3), of: 20, order: 5)
        latest.note(Self.reading("a", 4), of: 10, order: 2)
        #expect(names(latest) == ["a", "b", "c"])
        #expect(latest.readings.map(\.value) == [4, 3, 1])
    }

    @Test("a file that knows the series in another order has its way, and what comes next lands in its place")
    func sort() {
        var latest = LatestReadings()
        for (index, name) in ["a", "b", "c"].enumerated() {
            latest.note(Self.reading(name, 0), of: SeriesID(index), order: Int64(index))
        }
        latest.sort { 2 - Int64($0) }
        #expect(names(latest) == ["c", "b", "a"])
        latest.note(Self.reading("b", 9), of: 1, order: 1)
        latest.note(Self.reading("d", 5), of: 3, order: 3)
        #expect(names(latest) == ["c", "b", "a", "d"])
        #expect(latest.readings[1].value == 9)
    }

    @Test("a clock that is set moves what was read before")
    func correct() {
        var latest = LatestReadings()
        latest.note(Self.reading("a", 1, at: 1_000), of: 1, order: 0)
        let now = Timestamp(wall: 501_000, boot: 1, monotonic: 1_000, isTrusted: true)
        latest.correct(ClockCorrection(boot: 1, offset: 500_000, time: now))
        #expect(latest.readings.map(\.time.wall) == [501_000])
        #expect(latest.readings.map(\.time.isTrusted) == [true])
        #expect(latest.readings.map(\.value) == [1])
    }
}
