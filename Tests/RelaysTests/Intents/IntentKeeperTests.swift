import Site
import Synchronization
import TestSupport
import Testing

@testable import Relays

@Suite("Notes on their way to the card")
struct IntentKeeperTests {
    private final class Answers: Sendable {
        let all = Mutex<[(Int64, String?)]>([])
    }

    private func memory(_ relay: String) -> RelayMemory {
        RelayMemory(
            relay: relay, saved: Fixture.time(), number: 1, state: .on, since: 0, base: .on,
            baseCause: .unit(.boot, "boot"), pulse: nil, override: nil, restores: nil, cycles: [], totalCycles: 0,
            scheduled: nil, watchdog: nil, answered: [], last: nil)
    }

    @Test("a change is on the card before it is said to be")
    func first() async throws {
        let folder = TemporaryDirectory()
        let answers = Answers()
        let keeper = IntentKeeper(
            place: .here(folder.path), boot: "a", name: "n",
            noted: { number, reason in
                let found = try? IntentLog(directory: folder.path, boot: "a", name: "n").read().memory.lastChange
                answers.all.withLock { $0.append((number, reason ?? (found == number ? nil : "not there"))) }
            }, written: {})
        for number in 1...5 {
            keeper.noteFirst(Fixture.change(Int64(number)), memory("router"))
            try await until { answers.all.withLock { $0.count } == number }
        }
        #expect(answers.all.withLock { $0.allSatisfy { $0.1 == nil } })
    }

    @Test("a card that refuses is said so at once, and gets what happened when it is back")
    func refused() async throws {
        let folder = TemporaryDirectory()
        let answers = Answers()
        let missing = "\(folder.path)/later"
        let keeper = IntentKeeper(
            place: .here(missing), boot: "a", name: "n",
            noted: { number, reason in answers.all.withLock { $0.append((number, reason)) } }, written: {})
        keeper.note(.event(Fixture.event("before")))
        keeper.noteFirst(Fixture.change(1), memory("router"))
        try await until { answers.all.withLock { $0.first?.1 != nil } }
        #expect(keeper.trouble != nil)
        try makeDirectory(missing)
        try await until { keeper.trouble == nil }
        let found = try IntentLog(directory: missing, boot: "a", name: "n").read().memory
        #expect(found.lastChange == 1 && found.memories["router"] != nil)
    }

    @Test("how many entries found no room while the card took nothing is told once")
    func dropped() async throws {
        let folder = TemporaryDirectory()
        let missing = "\(folder.path)/later"
        let keeper = IntentKeeper(place: .here(missing), boot: "a", name: "n", noted: { _, _ in }, written: {})
        for number in 0..<2500 { keeper.note(.event(Fixture.event("\(number)"))) }
        try await until { keeper.trouble != nil }
        let count = keeper.takeDropped()
        #expect(count >= 500 && keeper.takeDropped() == 0)
        try makeDirectory(missing)
        try await until { keeper.trouble == nil }
    }

    @Test("while the card takes nothing, memory of it is bounded, and the latest memory of a relay is kept")
    func bounded() {
        var waiting = IntentKeeper.Waiting()
        for number in 0..<3000 {
            waiting.add(.memory(memory("router")))
            waiting.add(.event(Fixture.event("\(number)")))
            _ = waiting.trim(to: 100)
        }
        #expect(waiting.contents.count == 100)
        #expect(waiting.contents.contains { if case .memory = $0 { true } else { false } })
    }
}
