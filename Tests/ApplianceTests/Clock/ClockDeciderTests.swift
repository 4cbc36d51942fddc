import Platform
import Testing

@testable import Appliance

@Suite("Clock decider")
struct ClockDeciderTests {
    private static let day: Int64 = 86_400_000
    private static let year: Int64 = 365 * day
    private static let built: Int64 = 1_790_000_000_000
    /// A good time to be.
    private static let today: Int64 = built + 60 * day

    /// Facts `seconds` after boot: the clock said `start` then, and the time service left its mark `mark` seconds later.
    private func facts(
        _ seconds: Int64, start: Int64, disciplined: Bool? = false, mark: Int64? = nil, rtc: Bool = false
    ) -> ClockFacts {
        ClockFacts(
            wall: start + seconds * 1000, sinceBoot: seconds * 1000, isDisciplined: disciplined,
            timesyncdMark: mark.map { (Self.today + $0 * 1000) * 1_000_000 },
            isSetFromRTC: rtc)
    }

    @Test(
        "a clock is trusted for a reason only, and never before the build's own date",
        arguments: [
            (today, false, nil, false, nil), (today, true, nil, false, .network), (today, false, 0, false, .network),
            (today, false, -3600, false, nil), (today, false, 3600, false, nil),
            (today, false, nil, true, .rtc), (built - 1000, true, 1, true, nil), (0, false, nil, true, nil),
        ] as [(Int64, Bool, Int64?, Bool, ClockDecider.Source?)])
    func start(wall: Int64, disciplined: Bool, mark: Int64?, rtc: Bool, expected: ClockDecider.Source?) {
        let decider = ClockDecider(
            buildDate: Self.built,
            facts(0, start: wall, disciplined: disciplined, mark: mark, rtc: rtc))
        #expect(decider.source == expected)
    }

    @Test("a Pi without a clock: the network sets it years on, and the rows since boot are to be moved")
    func firstSet() {
        let saved = Self.today - 3 * Self.year
        var decider = ClockDecider(buildDate: Self.built, facts(5, start: saved))
        #expect(decider.observe(facts(6, start: saved)) == [])
        #expect(
            decider.observe(facts(7, start: Self.today, disciplined: true)) == [
                .set(.network, from: saved + 7000, to: Self.today + 7000, origin: Self.today)
            ])
        #expect(decider.isTrusted)
        #expect(decider.observe(facts(8, start: Self.today, disciplined: true)) == [])
    }

    @Test("the mark of the time service comes a moment after the jump: still one correction, over the whole jump")
    func lateMark() {
        let saved = Self.today - Self.day
        var decider = ClockDecider(buildDate: Self.built, facts(5, start: saved))
        #expect(
            decider.observe(facts(6, start: Self.today)) == [.jumped(from: saved + 6000, to: Self.today + 6000)])
        #expect(!decider.isTrusted)
        #expect(
            decider.observe(facts(7, start: Self.today, mark: 7)) == [
                .set(.network, from: saved + 7000, to: Self.today + 7000, origin: Self.today)
            ])
    }

    @Test("a clock that was right already is only confirmed")
    func confirmed() {
        var decider = ClockDecider(buildDate: Self.built, facts(5, start: Self.today))
        #expect(
            decider.observe(facts(6, start: Self.today + 300, disciplined: true)) == [
                .set(.network, from: Self.today + 6300, to: Self.today + 6300, origin: Self.today + 300)
            ])
    }

    @Test("slewing and small steps are no jump, whatever they add up to")
    func slewing() {
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, disciplined: true))
        for second in 1...1000 {
            #expect(
                decider.observe(facts(Int64(second), start: Self.today + Int64(second) * 100, disciplined: true)) == [])
        }
    }

    @Test(
        "a jump of a trusted clock is told; within a day it stays trusted", arguments: [-3_600_000, -2001, 2001, day])
    func smallJump(step: Int64) {
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, rtc: true))
        #expect(
            decider.observe(facts(1, start: Self.today + step, rtc: true)) == [
                .jumped(from: Self.today + 1000, to: Self.today + step + 1000)
            ])
        #expect(decider.isTrusted)
    }

    @Test("a jump by years takes trust away until the network confirms the time", arguments: [-10, -1, 1, 10])
    func jumpByYears(years: Int64) {
        let wrong = Self.today + years * Self.year
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, mark: 1, rtc: true))
        #expect(decider.isTrusted)
        #expect(
            decider.observe(facts(1, start: wrong, mark: 1, rtc: true)) == [
                .jumped(from: Self.today + 1000, to: wrong + 1000)
            ])
        #expect(!decider.isTrusted, "a mark that is older than the jump vouches for nothing")
        #expect(decider.observe(facts(2, start: wrong, mark: 1, rtc: true)) == [])
        #expect(
            decider.observe(facts(3, start: Self.today, disciplined: true, mark: 1, rtc: true)) == [
                .set(.network, from: wrong + 3000, to: Self.today + 3000, origin: Self.today)
            ])
        #expect(decider.isTrusted)
    }

    @Test("a sandbox that forbids to ask the kernel: the time service's next mark is the network's word")
    func newMark() {
        let wrong = Self.today + 3 * Self.year
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, disciplined: nil, mark: 1))
        #expect(decider.isTrusted)
        #expect(decider.observe(facts(1, start: wrong, disciplined: nil, mark: 1)).count == 1)
        #expect(!decider.isTrusted)
        #expect(
            decider.observe(facts(2, start: Self.today, disciplined: nil, mark: 2)) == [
                .set(.network, from: wrong + 2000, to: Self.today + 2000, origin: Self.today)
            ])
        #expect(decider.observe(facts(3, start: Self.today, disciplined: nil, mark: 2)) == [])
        #expect(decider.isTrusted)
    }

    @Test("an NTP service that itself moves the clock by years is believed, and the jump is told")
    func networkJump() {
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, rtc: true))
        let right = Self.today + 2 * Self.year
        #expect(
            decider.observe(facts(1, start: right, disciplined: true, rtc: true)) == [
                .jumped(from: Self.today + 1000, to: right + 1000)
            ])
        #expect(decider.isTrusted)
    }

    @Test("trust outlives the network, and a kernel that may not be asked")
    func keepsTrust() {
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: Self.today, disciplined: true))
        #expect(decider.observe(facts(100_000, start: Self.today, disciplined: false)) == [])
        #expect(decider.observe(facts(200_000, start: Self.today, disciplined: nil)) == [])
        #expect(decider.isTrusted)
    }

    @Test("a flat battery: the clock starts in 1970, and its word does not count later either")
    func flatBattery() {
        var decider = ClockDecider(buildDate: Self.built, facts(0, start: 0, rtc: true))
        #expect(!decider.isTrusted)
        #expect(decider.observe(facts(1, start: Self.today, disciplined: true, rtc: true)).count == 1)
        #expect(decider.isTrusted)
    }
}
