import TestSupport
import Testing

@testable import Appliance

@Suite("Tick schedule")
struct TickScheduleTests {
    private func instant(_ milliseconds: Int) -> ManualClock.Instant { .init(offset: .milliseconds(milliseconds)) }

    @Test(
        "the next turn is at a whole interval, however late it is now",
        arguments: [
            (0, 1000, 0), (999, 1000, 0), (1000, 1000, 0), (1001, 2000, 1), (2000, 2000, 1), (2500, 3000, 2),
            (3_600_000, 3_600_000, 3599),
        ])
    func next(now: Int, turn: Int, missed: Int) {
        var schedule = TickSchedule(start: instant(0), interval: .seconds(1))
        let next = schedule.advance(now: instant(now))
        #expect(next.turn == instant(turn))
        #expect(next.missed == missed)
    }

    @Test("turns that are each a little late do not drift")
    func noDrift() {
        var schedule = TickSchedule(start: instant(7), interval: .milliseconds(100))
        var now = instant(7)
        for _ in 1...10_000 {
            let next = schedule.advance(now: now.advanced(by: .milliseconds(3)))
            #expect(next.missed == 0)
            now = next.turn
        }
        #expect(now == instant(7 + 1_000_000))
    }

    @Test("an interval of nothing does not spin for ever", arguments: [Duration.zero, .seconds(-1)])
    func noInterval(interval: Duration) {
        var schedule = TickSchedule(start: instant(0), interval: interval)
        #expect(schedule.advance(now: instant(0)).turn > instant(0))
    }
}
