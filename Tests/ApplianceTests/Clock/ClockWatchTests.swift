import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance

@Suite("Clock watch", .timeLimit(.minutes(1)))
struct ClockWatchTests {
    private static let built: Int64 = 1_790_000_000_000
    private static let right: Int64 = 1_800_000_000_000

    @Test("when the clock is set, the store is told first, then the journal; stamps are trusted from then on")
    func set() async throws {
        let facts = Mutex(ClockFacts(wall: 1_700_000_000_000, sinceBoot: 5000))
        let read: @Sendable () -> ClockFacts = { facts.withLock { $0 } }
        let unitClock = UnitClock(
            boot: 42, buildDate: Self.built, read: read, wall: { read().wall }, sinceBoot: { read().sinceBoot })
        #expect(
            unitClock.now() == Timestamp(wall: 1_700_000_000_000, boot: 42, monotonic: 5000, isTrusted: false))

        let bench = CollectionBench()
        let corrections = Inbox<(ClockCorrection, eventsBefore: Int)>()
        let watch = ClockWatch(unitClock, clock: bench.clock) { correction in
            corrections.put((correction, bench.events.all.count))
        } report: {
            bench.events.put($0)
        }
        try await bench.run(watch) {
            await bench.clock.waitForSleepers(1)
            facts.withLock { $0 = ClockFacts(wall: Self.right, sinceBoot: 6000, isDisciplined: true) }
            bench.clock.advance(by: .seconds(1))
            await bench.events.wait(for: 1)
            await bench.clock.waitForSleepers(1)
            facts.withLock { $0 = ClockFacts(wall: Self.right - 3_600_000, sinceBoot: 7000, isDisciplined: true) }
            bench.clock.advance(by: .seconds(1))
            await bench.events.wait(for: 2)
        }

        let (correction, eventsBefore) = try #require(corrections.all.first)
        #expect(corrections.all.count == 1)
        #expect(eventsBefore == 0)
        #expect(
            correction
                == ClockCorrection(
                    boot: 42, origin: Self.right - 6000, offset: Self.right - 1_700_000_001_000))
        #expect(unitClock.isTrusted)
        let events = bench.events.all
        #expect(events.map(\.code) == [.clockSet, .clockJumped])
        #expect(events[0].time == Timestamp(wall: Self.right, boot: 42, monotonic: 6000, isTrusted: true))
        #expect(events[0].values["source"] == .text("network"))
        #expect(events[0].values["to"] == .text(ISO8601.string(milliseconds: Self.right)))
        #expect(events[1].values["offset"] == .number(-3601))
        #expect(events[1].message.contains(ISO8601.string(milliseconds: Self.right - 3_600_000)))
    }

    @Test("on this machine a stamp is the time of now")
    func here() {
        let clock = UnitClock(boot: 1, buildDate: Self.built)
        let stamp = clock.now()
        #expect(abs(stamp.wall - KernelClock.wall()) < 10_000)
        #expect(abs(stamp.monotonic - KernelClock.sinceBoot()) < 10_000)
    }
}
