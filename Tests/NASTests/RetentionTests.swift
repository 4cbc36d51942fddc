import Platform
import Site
import Testing

@testable import NAS

@Suite("Which footage goes")
struct RetentionTests {
    private static let day: Int64 = 86_400_000
    private static let now = 100 * day
    private let decider = RetentionDecider(
        StorageConfiguration(retention: .seconds(30 * 86_400), reserve: .seconds(7200)))

    private func facts(
        available: UInt64 = 500 << 30, rate: Double? = 1e6,
        total: FootageTotal = FootageTotal(clips: 1000, size: 400 << 30),
        due: FootageTotal = FootageTotal(), isTrusted: Bool = true
    ) -> RetentionDecider.Facts {
        RetentionDecider.Facts(
            now: Self.now, isTrusted: isTrusted, space: FileSystemSpace(size: 1000 << 30, available: available),
            rate: rate,
            total: total, due: due)
    }

    private static let nothing = RetentionDecider.Decision()

    private static func goes(_ deletion: RetentionDecider.Deletion) -> RetentionDecider.Decision {
        RetentionDecider.Decision(deletion: deletion)
    }

    private static func asks(_ total: FootageTotal) -> RetentionDecider.Decision {
        RetentionDecider.Decision(asks: total)
    }

    @Test("nothing while all is younger than promised and there is room")
    func nothing() { #expect(decider.decision(facts()) == Self.nothing) }

    @Test("what is older than promised, by the clock")
    func age() {
        let due = FootageTotal(clips: 10, size: 1 << 30)
        #expect(decider.decision(facts(due: due)) == Self.goes(.before(70 * Self.day)))
        #expect(decider.decision(facts(due: due, isTrusted: false)) == Self.nothing)
    }

    @Test("the oldest, when less than the reserve is free at the present rate")
    func headroom() {
        // 7200 s at 10 MB/s are 72 GB.
        let facts = facts(available: 70_000_000_000, rate: 1e7)
        #expect(decider.decision(facts) == Self.goes(.bytes(2_000_000_000)))
        #expect(decider.decision(self.facts(available: 73_000_000_000, rate: 1e7)) == Self.nothing)
        // Without a rate a sixty-fourth of the drive stays free.
        #expect(decider.decision(self.facts(available: 0, rate: nil)) == Self.goes(.bytes(1000 << 24)))
        // A burst does not make half of the drive a reserve.
        #expect(decider.headroom(of: facts.space, rate: 1e12) == 500 << 30)
    }

    @Test(
        "more than half of all, by number or by size, is asked about",
        arguments: [FootageTotal(clips: 501, size: 1), FootageTotal(clips: 1, size: 201 << 30)])
    func most(due: FootageTotal) {
        #expect(decider.decision(facts(due: due)) == Self.asks(due))
        #expect(decider.decision(facts(due: due), isAllowed: true) == Self.goes(.before(70 * Self.day)))
    }

    @Test("cameras go on recording while somebody is asked: the oldest go for room")
    func roomMeanwhile() {
        let due = FootageTotal(clips: 501, size: 1)
        let decision = decider.decision(facts(available: 70_000_000_000, rate: 1e7, due: due))
        #expect(decision == RetentionDecider.Decision(deletion: .bytes(2_000_000_000), asks: due))
    }

    @Test("room for which more than half would have to go is asked about, too")
    func mostForRoom() {
        let total = FootageTotal(clips: 1000, size: 1 << 30)
        let share = FootageTotal(clips: 0, size: 1000 << 24)
        #expect(decider.decision(facts(available: 0, rate: nil, total: total)) == Self.asks(share))
        // A drive that somebody else has filled: there is nothing of ours to delete.
        #expect(decider.decision(facts(available: 0, total: FootageTotal())) == Self.nothing)
    }

    @Test("what went for room and did not help counts as a part of what goes next")
    func excess() {
        var facts = facts(available: 0, rate: nil, total: FootageTotal(clips: 1000, size: 4000 << 24))
        #expect(decider.decision(facts) == Self.goes(.bytes(1000 << 24)))
        facts.excess = 2000 << 24
        #expect(decider.decision(facts) == Self.goes(.bytes(1000 << 24)))
        facts.excess = 2001 << 24
        #expect(decider.decision(facts) == Self.asks(FootageTotal(clips: 0, size: 1000 << 24)))
        #expect(decider.decision(facts, isAllowed: true) == Self.goes(.bytes(1000 << 24)))
    }

    @Test("how long footage can be kept is known beforehand, and when the drive will be full")
    func outlook() throws {
        // 400 GiB of footage and 500 GiB free, less the reserve, at 1 MB/s.
        let outlook = try #require(decider.outlook(facts()))
        #expect(abs(outlook.kept / .seconds(86_400) - 10.99) < 0.1)
        #expect(abs(Double(outlook.full - Self.now) / Double(Self.day) - 6.02) < 0.1)
        #expect(decider.outlook(facts(rate: nil)) == nil)
        #expect(decider.outlook(facts(isTrusted: false)) == nil)
        // What records next to nothing is kept for ever, and no figure overflows.
        let least = try #require(decider.outlook(facts(rate: 1e-300)))
        #expect(least.kept > .seconds(3_000_000_000))
    }
}
