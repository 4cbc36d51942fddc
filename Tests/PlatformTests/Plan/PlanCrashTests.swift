import Foundation
import TestSupport
import Testing

@testable import Platform

/// A run that ends at any moment, and the one after it.
@Suite("Plans and power cuts")
struct PlanCrashTests {
    /// Twice as many as there are steps: before each, and after each.
    private static let moments = 2 * PlanBench.steps("").count

    private func killed(_ bench: PlanBench, at moment: Int) async {
        setenv("PICLI_PLAN_ROOT", bench.root, 1)
        setenv("PICLI_PLAN_MOMENT", "\(moment)", 1)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let environment = ProcessInfo.processInfo.environment
            let moment = Int(environment["PICLI_PLAN_MOMENT"] ?? "") ?? 0
            let counter = Counter()
            _ = try await PlanBench(root: environment["PICLI_PLAN_ROOT"] ?? "").run { _ in
                if counter.next() == moment { kill(getpid(), SIGKILL) }
            }
        }
    }

    @Test("killed before or after any step, the next run ends as if nothing had happened", arguments: 0..<moments)
    func kills(moment: Int) async throws {
        let directory = TemporaryDirectory()
        let bench = PlanBench(root: directory.path)
        bench.prepare()
        await killed(bench, at: moment)
        let before = bench.log
        let report = try await bench.run()
        #expect(try await bench.tree() == PlanBench.goal())
        #expect(report.damagedJournal == nil)
        #expect(bench.log == ["reload", "once", "again"], "each command ran once: \(before)")
        #expect(try await bench.run().changes == 0)
        #expect(bench.log.count == 3)
    }

    @Test("killed in the middle of a command, the next run begins with it", arguments: ["reload", "once", "again"])
    func killedInside(name: String) async throws {
        let directory = TemporaryDirectory()
        let bench = PlanBench(root: directory.path)
        bench.prepare()
        directory.write("", to: "kill-in-\(name)")
        await killed(bench, at: .max)
        #expect(bench.log.last == name)
        _ = try await bench.run()
        #expect(try await bench.tree() == PlanBench.goal())
        #expect(bench.log.filter { $0 == name }.count == 2)
        #expect(Set(bench.log) == ["reload", "once", "again"] && bench.log.count == 4)
        #expect(try await bench.run().changes == 0)
    }

    @Test("a journal that was cut at any byte leads to the same end, and forgets no command that somebody waits for")
    func tornJournal() async throws {
        let directory = TemporaryDirectory()
        let bench = PlanBench(root: directory.path)
        bench.prepare()
        _ = try await bench.run()
        let whole = try bench.journalBytes
        let goal = try await PlanBench.goal()
        let first = (whole.firstIndex(of: 0x0A) ?? 0) + 1
        // Everything is on the disk already, as when the cut came between a step and its line.
        for length in stride(from: first, to: whole.count, by: 13) {
            for tail in [[], [0, 0, 0], Array("{\"event\":\"do\n".utf8)] as [[UInt8]] {
                try AtomicFile.replace(bench.root + PlanBench.journal, with: Array(whole.prefix(length)) + tail)
                let known = try #require(PlanJournal(Array(whole.prefix(length))))
                unlink("\(bench.root)/log")
                let report = try await bench.run()
                #expect(report.damagedJournal == nil)
                #expect(try bench.tree() == goal)
                for step in PlanBench.steps(bench.root) {
                    guard case .command(let command) = step.action, command.unless == nil else { continue }
                    let isDue =
                        !known.hasRun(step, command)
                        && (command.after.isEmpty || command.after.contains { known.isPending($0) })
                    #expect(bench.log.contains(step.id) == isDue, "\(step.id) after \(length) bytes")
                }
                #expect(try await bench.run().changes == 0)
            }
        }
    }

    @Test("a journal that is garbage is set aside, and everything is looked at and told anew", arguments: 0..<24)
    func garbage(seed: Int) async throws {
        let directory = TemporaryDirectory()
        let bench = PlanBench(root: directory.path)
        bench.prepare()
        _ = try await bench.run()
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes = try bench.journalBytes
        if seed < 10 {
            bytes = (0..<(seed * 13)).map { _ in UInt8.random(in: 0...255, using: &random) }
        } else {
            // Damage in the middle of what was good.
            let start = Int.random(in: 0..<(bytes.count / 2), using: &random)
            for index in start..<min(bytes.count - 80, start + 40) {
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
        }
        try AtomicFile.replace(bench.root + PlanBench.journal, with: bytes)
        let report = try await bench.run()
        #expect(try await bench.tree() == PlanBench.goal())
        if report.damagedJournal != nil {
            #expect(report.damagedJournal == bench.root + PlanBench.journal + ".damaged")
            #expect(try SmallFile.bytes(at: bench.root + PlanBench.journal + ".damaged") == bytes)
            // Nobody knows whether they ran: all that wait for something do so again.
            #expect(bench.log == ["reload", "once", "again", "reload", "once", "again"])
        }
        #expect(try await bench.run().changes == 0)
    }
}

private final class Counter: @unchecked Sendable {
    // Called on the runner's thread only.
    private var count = -1

    func next() -> Int {
        count += 1
        return count
    }
}
