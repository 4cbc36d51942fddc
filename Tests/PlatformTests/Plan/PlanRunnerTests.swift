import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Running plans")
struct PlanRunnerTests {
    private let directory = TemporaryDirectory()
    private var bench: PlanBench { PlanBench(root: directory.path) }

    @Test("the first run does everything, the second nothing, and both say so")
    func twice() async throws {
        bench.prepare()
        let first = try await bench.run()
        #expect(first.entries.allSatisfy { $0.outcome == .changed })
        #expect(bench.log == ["reload", "once", "again"])
        #expect(
            try bench.tree() == [
                "/asked 420 []", "/etc 493", "/etc/app 488", "/etc/app/a.conf 420 \(Array("one\ntwo\n".utf8))",
                "/etc/app/key 384 \(Array("secret".utf8))", "/etc/app/last 420 \(Array("last".utf8))",
                "/etc/app/on link",
            ])
        let second = try await bench.run()
        #expect(second.entries.allSatisfy { $0.outcome == .unchanged })
        #expect(second.changes == 0 && second.damagedJournal == nil)
        #expect(bench.log == ["reload", "once", "again"])
        #expect(FileKind.permissions(of: directory.path + PlanBench.journal) == 0o600)
    }

    @Test("only what was changed by others is brought back, and only who waits for it is told")
    func drift() async throws {
        bench.prepare()
        _ = try await bench.run()
        chmod("\(directory.path)/etc/app/key", 0o644)
        let report = try await bench.run()
        #expect(report.entries.filter { $0.outcome == .changed }.map(\.id) == ["key", "reload"])
        #expect(bench.log == ["reload", "once", "again", "reload"])
    }

    @Test("a command for once runs again only when it is another command")
    func once() async throws {
        let log = Mutex<[String]>([])
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            log.withLock { $0.append(command.arguments.joined()) }
            return CommandResult()
        }
        let root = try SystemRoot(directory.path)
        func run(_ word: String, _ more: [PlanStep] = []) async throws {
            let once = PlanStep("once", "Do.", .command(PlanCommand(Command("mkfs", [word]), repetition: .once)))
            let runner = PlanRunner(root: root, journal: "/journal", commands: commands)
            _ = try await runner.run(Plan([once] + more))
        }
        try await run("a")
        try await run("a")
        try await run("a", [PlanStep("more", "More.", .file(PlanFile("/more", "x")))])
        try await run("b")
        try await run("b")
        #expect(log.withLock { $0 } == ["a", "b"])
    }

    @Test("a step that fails is told with its name, and the next run goes on behind what was done")
    func failure() async throws {
        let isBroken = Mutex(true)
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            if command.program == "two", isBroken.withLock({ $0 }) {
                throw CommandError(program: "two", reason: .status(1), lastLines: ["no carrier"])
            }
            return CommandResult()
        }
        let root = try SystemRoot(directory.path)
        let told = Mutex<[String]>([])
        let runner = PlanRunner(root: root, journal: "/journal", commands: commands) { progress in
            told.withLock {
                switch progress {
                case .started(let step): $0.append("\(step.id)?")
                case .finished(let step, let outcome): $0.append("\(step.id) \(outcome)")
                case .failed(let step, let failure): $0.append("\(step.id) \(failure.code)")
                }
            }
        }
        let plan = try Plan([
            PlanStep("a", "A.", .file(PlanFile("/a", "x"))),
            PlanStep("one", "One.", .command(PlanCommand(Command("one"), after: ["a"]))),
            PlanStep("two", "Two.", .command(PlanCommand(Command("two"), after: ["a"]))),
        ])
        let failure = await #expect(throws: Failure.self) { try await runner.run(plan) }
        #expect(failure?.code == "plan.step")
        #expect(failure?.message == "Step 'two' failed: two ended with status 1: no carrier.")
        #expect(told.withLock { $0 } == ["a?", "a changed", "one?", "one changed", "two?", "two plan.step"])
        isBroken.withLock { $0 = false }
        let report = try await runner.run(plan)
        #expect(report.entries.map(\.outcome) == [.unchanged, .unchanged, .changed])
        #expect(commands.ran == ["one", "two", "two"])
        #expect(try await runner.run(plan).changes == 0)
    }

    @Test("a change that was not acted upon is not forgotten when the next plan is another one")
    func otherPlan() async throws {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { command in
            if command.program == "broken" { throw CommandError(program: "broken", reason: .status(1)) }
            return CommandResult()
        }
        let runner = PlanRunner(root: try SystemRoot(directory.path), journal: "/journal", commands: commands)
        let file = PlanStep("a", "A.", .file(PlanFile("/a", "x")))
        let broken = PlanStep("broken", "B.", .command(PlanCommand(Command("broken"))))
        let reload = PlanStep("reload", "R.", .command(PlanCommand(Command("reload"), after: ["a"])))
        await #expect(throws: Failure.self) { try await runner.run(Plan([file, broken, reload])) }
        let report = try await runner.run(Plan([file, reload]))
        #expect(report.entries.map(\.outcome) == [.unchanged, .changed])
        // Changed once more, after its reload, and cut: the reload of before does not count.
        let newer = PlanStep("a", "A.", .file(PlanFile("/a", "y")))
        await #expect(throws: Failure.self) { try await runner.run(Plan([newer, reload, broken])) }
        let newest = PlanStep("a", "A.", .file(PlanFile("/a", "z")))
        await #expect(throws: Failure.self) { try await runner.run(Plan([newest, broken, reload])) }
        #expect(try await runner.run(Plan([newest, reload])).entries.map(\.outcome) == [.unchanged, .changed])
        #expect(commands.ran == ["broken", "reload", "reload", "broken", "broken", "reload"])
    }

    @Test("of two runs at once the second is refused, and told to come later")
    func busy() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let started = AsyncStream.makeStream(of: Void.self)
        let root = try SystemRoot(directory.path)
        let plan = try Plan([PlanStep("wait", "Wait.", .command(PlanCommand(Command("sleep", ["60"]))))])
        let first = PlanRunner(root: root, journal: "/journal", commands: LinuxCommandRunner()) { _ in
            started.continuation.yield()
        }
        let running = Task { try await first.run(plan) }
        for await _ in started.stream { break }
        let second = PlanRunner(root: root, journal: "/journal", commands: LinuxCommandRunner())
        let failure = await #expect(throws: Failure.self) { try await second.run(plan) }
        #expect(failure?.code == "plan.busy" && failure?.status == .tryAgain)
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        gate.continuation.finish()
    }

    @Test("a run that is cancelled stops, and the next one goes on")
    func cancelled() async throws {
        bench.prepare()
        let started = AsyncStream.makeStream(of: String.self)
        let running = Task { [bench] in
            try await bench.run { progress in
                if case .started(let step) = progress { started.continuation.yield(step.id) }
            }
        }
        for await id in started.stream where id == "once" { break }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        let report = try await bench.run()
        #expect(report.entries.prefix(5).allSatisfy { $0.outcome == .unchanged })
        #expect(try await bench.tree() == PlanBench.goal())
    }

    @Test("steps of the running system are skipped in another root")
    func skipped() async throws {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { _ in nil }
        let runner = PlanRunner(root: try SystemRoot(directory.path), journal: "/journal", commands: commands)
        let report = try await runner.run(
            Plan([
                PlanStep(
                    "value", "Set.", .kernelValue(path: "/proc/sys/kernel/hostname", value: "x"), scope: .liveOnly),
                PlanStep("run", "Run.", .command(PlanCommand(Command("reboot"))), scope: .liveOnly),
            ]))
        #expect(report.entries.map(\.outcome) == Array(repeating: .skipped(PlanStep.liveOnlyReason), count: 2))
        #expect(report.changes == 0)
    }

    @Test(
        "owners are names of the root's own files, and one that is missing there is told", .enabled(if: getuid() == 0))
    func owners() async throws {
        directory.write("root:x:0:0::/:/bin/sh\nbad line\napp:x:4711:4712::/:/bin/sh\n", to: "etc/passwd")
        directory.write("root:x:0:\napps:x:4712:\n", to: "etc/group")
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { _ in nil }
        let runner = PlanRunner(root: try SystemRoot(directory.path), journal: "/journal", commands: commands)
        let plan = try Plan([
            PlanStep("d", "D.", .directory(path: "/d", mode: 0o2750, owner: FileOwner("app", group: "apps"))),
            PlanStep("f", "F.", .file(PlanFile("/d/f", "x", mode: 0o4755, owner: FileOwner("app", group: "apps")))),
        ])
        #expect(try await runner.run(plan).changes == 2)
        #expect(try await runner.run(plan).changes == 0)
        var status = stat()
        #expect(stat("\(directory.path)/d/f", &status) == 0)
        #expect(status.st_uid == 4711 && status.st_gid == 4712 && status.st_mode & 0o7777 == 0o4755)
        let stranger = PlanStep("g", "G.", .file(PlanFile("/d/g", "x", owner: FileOwner("picli"))))
        let failure = await #expect(throws: Failure.self) { try await runner.run(Plan([stranger])) }
        #expect(failure?.code == "plan.owner" && failure?.message.contains("no user 'picli'") == true)
    }
}
