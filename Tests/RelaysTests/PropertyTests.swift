import Foundation
import Relays
import Site
import Testing

/// The decider in worlds where everything happens, watched from outside: docs/relays.md lists the invariants.
@Suite("What always holds") struct PropertyTests {
    /// Steps in CI; PICLI_RELAY_STEPS sets another number for a long run.
    private static let steps = ProcessInfo.processInfo.environment["PICLI_RELAY_STEPS"].flatMap(Int.init) ?? 1_000_000

    @Test("a million random steps break no invariant")
    func invariants() async {
        let share = Self.steps / 2
        let runs = await withTaskGroup(of: (violation: String?, steps: Int).self) { group in
            for seed: UInt64 in [1, 1_000_001] { group.addTask { Self.run(.all, seed: seed, steps: share) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(runs.compactMap(\.violation).isEmpty)
        #expect(runs.reduce(0) { $0 + $1.steps } >= share * 2)
    }

    @Test("each rule that is left out is caught")
    func mutants() async {
        let survivors = await withTaskGroup(of: String?.self) { group in
            for (name, guards) in RelayGuards.named {
                group.addTask {
                    Self.run(RelayGuards.all.subtracting(guards), seed: 7, steps: 600_000).violation == nil ? name : nil
                }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(survivors.isEmpty, "without these no invariant breaks: \(survivors)")
        #expect(RelayGuards.named.reduce(into: RelayGuards()) { $0.formUnion($1.guards) } == .all)
    }

    /// Worlds one after another, each a few thousand steps long.
    static func run(_ guards: RelayGuards, seed: UInt64, steps most: Int) -> (violation: String?, steps: Int) {
        var steps = 0
        var seed = seed
        while steps < most {
            let site = WorldSites.all[Int(seed) % WorldSites.all.count]
            var world = RelayWorld(site: site, seed: seed, guards: guards)
            while world.steps < 4000 {
                world.happen()
                if let violation = world.monitor.violation {
                    return ("\(violation) (seed \(seed), step \(world.steps))", steps + world.steps)
                }
            }
            steps += world.steps
            seed += 1
        }
        return (nil, steps)
    }
}

extension RelayGuards {
    /// Every guard by its name.
    static let named: [(name: String, guards: RelayGuards)] = [
        ("minimumOn", .minimumOn), ("minimumOff", .minimumOff), ("cyclesPerHour", .cyclesPerHour),
        ("cyclesPerDay", .cyclesPerDay), ("cycleReserve", .cycleReserve), ("exclusion", .exclusion),
        ("breakGap", .breakGap), ("overrideHolds", .overrideHolds), ("overrideEnds", .overrideEnds),
        ("pulseEnds", .pulseEnds), ("pulseExtends", .pulseExtends), ("commandEndsPulse", .commandEndsPulse),
        ("pulseLengths", .pulseLengths), ("noteFirst", .noteFirst), ("noteDeadline", .noteDeadline),
        ("safeFirst", .safeFirst), ("restore", .restore), ("trustedClock", .trustedClock), ("ownCable", .ownCable),
        ("witnesses", .witnesses), ("failuresInRow", .failuresInRow), ("startDelay", .startDelay),
        ("backOff", .backOff), ("perDay", .perDay), ("attempts", .attempts), ("thenEvery", .thenEvery),
        ("restartEnds", .restartEnds), ("rearmOnSuccess", .rearmOnSuccess), ("idempotency", .idempotency),
        ("expectedState", .expectedState), ("bootState", .bootState), ("crashState", .crashState),
        ("memory", .memory), ("lineRetry", .lineRetry), ("interrupted", .interrupted),
    ]
}
