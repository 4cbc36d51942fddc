import Hardware
import Site
import Synchronization
import Testing

@testable import Appliance

@Suite("Watching an input", .timeLimit(.minutes(1)))
struct InputWatchTests {
    /// What a watch has told, and what it is told.
    private final class World: Sendable {
        private struct State {
            var batches: [ReadingBatch] = []
            var kept: InputTally.Totals?
            var earlier: InputTally.Totals?
        }
        private let state = Mutex(State())

        var batches: [ReadingBatch] { state.withLock { $0.batches } }
        var kept: InputTally.Totals? { state.withLock { $0.kept } }
        var earlier: InputTally.Totals? { state.withLock { $0.earlier } }
        func tell(_ batch: ReadingBatch) { state.withLock { $0.batches.append(batch) } }
        func keep(_ totals: InputTally.Totals) { state.withLock { $0.kept = totals } }
        func know(_ totals: InputTally.Totals) { state.withLock { $0.earlier = totals } }
    }

    /// Runs a watch of an input that comes on after a tenth of a second and stays on.
    private func watching(_ world: World, _ body: () async throws -> Void) async throws {
        let clock = SimulatedClock.running(from: 0)
        let lines = SimulatedLines(
            clock: clock, inputs: ["GPIO23": { span in [0.1].filter { span.contains($0) } }])
        let watch = InputWatch(
            configuration: InputConfiguration(id: "door", line: 23, interval: .seconds(86_400)), lines: lines,
            isSimulated: true, now: { RelayDeskTests.time(0) }, edgeClock: clock.elapsed,
            publish: { world.tell($0) }, earlier: { _ in world.earlier }, keep: { world.keep($1) })
        let running = Task { await watch.run() }
        defer { running.cancel() }
        try await body()
    }

    private func eventually(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test("a card that hangs holds up no state; the counters have no value until it has told what they were")
    func hungCard() async throws {
        let world = World()
        try await watching(world) {
            try await eventually { world.batches.count >= 2 }
            #expect(world.batches.prefix(2).map { $0.readings.first?.value } == [0, 1])
            for batch in world.batches.prefix(2) {
                #expect(batch.readings.map { $0.noData?.reason } == [nil, .timeout, .timeout])
            }
            world.know(.init(count: 41, onMilliseconds: 5_000))
            try await eventually { world.batches.count >= 3 }
            let told = try #require(world.batches.last?.readings)
            #expect(told.prefix(2).map(\.value) == [1, 42])
            #expect((told.last?.value ?? 0) >= 5)
        }
    }

    @Test("what is on for long is kept although nothing is told for a day")
    func kept() async throws {
        let world = World()
        world.know(.init())
        try await watching(world) {
            try await eventually { (world.kept?.onMilliseconds ?? 0) >= 700 }
            #expect(world.kept?.count == 1)
            #expect(world.batches.count == 2)
        }
    }
}
