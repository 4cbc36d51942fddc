import Site
import Testing

@testable import Relays

@Suite("What the card and the memory of a boot know together")
struct IntentMemoryTests {
    private func remembered(_ relay: String, at monotonic: Int64, boot: Int = 1, state: RelayState) -> RelayMemory {
        var time = Fixture.time(monotonic)
        time.boot = boot
        return RelayMemory(
            relay: relay, saved: time, number: 1, state: state, since: 0, base: state,
            baseCause: .unit(.boot, "boot"), pulse: nil, override: nil, restores: nil, cycles: [], totalCycles: 0,
            scheduled: nil, watchdog: nil, answered: [], last: nil)
    }

    @Test("of a relay, the later memory of this boot counts, and never one of an earlier boot")
    func memories() {
        var one = IntentMemory(memories: [
            "a": remembered("a", at: 10, state: .on), "b": remembered("b", at: 10, state: .on),
            "c": remembered("c", at: 10, boot: 2, state: .on),
        ])
        one.merge(
            IntentMemory(memories: [
                "a": remembered("a", at: 20, state: .off), "b": remembered("b", at: 5, state: .off),
                "c": remembered("c", at: 99, boot: 1, state: .off), "d": remembered("d", at: 1, state: .off),
            ]))
        #expect(one.memories.mapValues(\.state) == ["a": .off, "b": .on, "c": .on, "d": .off])
    }

    @Test("a change is unfinished when nobody knows its end")
    func unfinished() {
        func changes(_ numbers: Int64...) -> [Int64: RelayChange] {
            Dictionary(uniqueKeysWithValues: numbers.map { ($0, Fixture.change($0)) })
        }
        // Number 5 is on the card alone; the end of 3 in memory alone, that of 4 on the card alone.
        var left = IntentMemory(unfinished: changes(2, 4), lastChange: 4)
        left.merge(IntentMemory(unfinished: changes(2, 3, 5), lastChange: 5))
        #expect(left.unfinished.keys.sorted() == [2, 5])
        #expect(left.lastChange == 5)
        // 6 has not reached the card.
        left = IntentMemory(unfinished: changes(6), lastChange: 6)
        left.merge(IntentMemory(unfinished: [:], lastChange: 5))
        #expect(left.unfinished.keys.sorted() == [6])
    }
}
