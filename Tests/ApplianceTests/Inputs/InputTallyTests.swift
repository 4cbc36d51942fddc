import Hardware
import Testing

@testable import Appliance

@Suite("What an input adds up")
struct InputTallyTests {
    private func edge(_ isActive: Bool, _ seconds: Int, _ sequence: UInt32) -> LineEdge {
        LineEdge(isActive: isActive, time: .seconds(seconds), sequence: sequence)
    }

    @Test("it counts how often it came on, and how long it was on, from where it was before")
    func counts() {
        var tally = InputTally(isOn: false, at: .seconds(10), totals: .init(count: 7, onMilliseconds: 1_000))
        tally.take(edge(true, 12, 1))
        #expect(tally.isOn && tally.totals(at: .seconds(15)) == .init(count: 8, onMilliseconds: 4_000))
        tally.take(edge(false, 16, 2))
        #expect(!tally.isOn && tally.totals(at: .seconds(99)) == .init(count: 8, onMilliseconds: 5_000))
    }

    @Test("edges that the kernel had no room for are counted by their numbers", arguments: [false, true])
    func lost(startsOn: Bool) {
        var tally = InputTally(isOn: startsOn, at: .zero, totals: .init())
        // Ten changes, of which the last alone was kept.
        tally.take(edge(startsOn, 10, 10))
        #expect(tally.totals(at: .seconds(10)).count == 5)
        tally.take(edge(!startsOn, 11, 11))
        #expect(tally.totals(at: .seconds(11)).count == (startsOn ? 5 : 6))
    }

    @Test("an edge from before the first look changes nothing")
    func race() {
        var tally = InputTally(isOn: true, at: .seconds(5), totals: .init())
        tally.take(edge(true, 4, 1))
        #expect(tally.isOn && tally.totals(at: .seconds(6)) == .init(count: 0, onMilliseconds: 1_000))
    }

    @Test("the kernel's number of an edge may begin anew")
    func wrap() {
        var tally = InputTally(isOn: false, at: .zero, totals: .init())
        tally.take(edge(true, 1, .max))
        let before = tally.totals(at: .seconds(1)).count
        tally.take(edge(false, 2, 0))
        tally.take(edge(true, 3, 1))
        #expect(tally.totals(at: .seconds(3)).count == before + 1)
    }
}
