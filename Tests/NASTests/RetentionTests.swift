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

    @Test("nothing while all is younger than promised and there is room")
    func nothing() { #expect(decider.decision(facts()) == .nothing) }

    @Test("what is older than promised, by the clock")
    func age() {
        let due = FootageTotal(clips: 10, size: 1 << 30)
        #expect(decider.decision(facts(due: due)) == .delete(before: 70 * Self.day, size: nil))
        #expect(decider.decision(facts(due: due, isTrusted: false)) == .nothing)
    }

    @Test("the oldest, when less than the reserve is free at the present rate")
    func headroom() {
        // 7200 s at 10 MB/s are 72 GB.
        let facts = facts(available: 70_000_000_000, rate: 1e7)
        #expect(decider.decision(facts) == .delete(before: nil, size: 2_000_000_000))
        #expect(decider.decision(self.facts(available: 73_000_000_000, rate: 1e7)) == .nothing)
        // Without a rate a sixty-fourth of the drive stays free.
        #expect(decider.decision(self.facts(available: 0, rate: nil)) == .delete(before: nil, size: 1000 << 24))
        // A burst does not make half of the drive a reserve.
        #expect(decider.headroom(of: facts.space, rate: 1e12) == 500 << 30)
    }

    @Test(
        "more than half of all, by number or by size, is asked about",
        arguments: [FootageTotal(clips: 501, size: 1), FootageTotal(clips: 1, size: 201 << 30)])
    func most(due: FootageTotal) {
        #expect(decider.decision(facts(due: due)) == .ask(due))
        #expect(decider.decision(facts(due: due), isAllowed: true) == .delete(before: 70 * Self.day, size: nil))
    }

    @Test("room for which more than half would have to go is asked about, too")
    func mostForRoom() {
        let total = FootageTotal(clips: 1000, size: 1 << 30)
        #expect(decider.decision(facts(available: 0, total: total)) == .ask(FootageTotal(clips: 0, size: 1000 << 24)))
        // A drive that somebody else has filled: there is nothing of ours to delete.
        #expect(decider.decision(facts(available: 0, total: FootageTotal())) == .nothing)
    }

    @Test("a promise that cannot be kept is told with its date")
    func shortfall() throws {
        // 400 GiB of footage and 500 GiB free, less the reserve, at 1 MB/s: 11 days.
        #expect(decider.shortfall(facts(rate: 1e5)) == nil)
        #expect(decider.shortfall(facts(rate: nil)) == nil)
        let shortfall = try #require(decider.shortfall(facts()))
        #expect(abs(shortfall.kept / .seconds(86_400) - 10.99) < 0.1)
        #expect(abs(Double(shortfall.from - Self.now) / Double(Self.day) - 6.02) < 0.1)
    }
}
