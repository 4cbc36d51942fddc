import Glibc
import Platform
import TestSupport
import Testing

@Suite("Running programs")
struct CommandTests {
    private let runner = LinuxCommandRunner()
    private let directory = TemporaryDirectory()

    private func python(_ script: String, timeout: Duration = .seconds(30)) -> Command {
        Command("python3", ["-c", script], timeout: timeout)
    }

    private func reason(_ body: () async throws -> Void) async -> CommandError.Reason? {
        do { try await body() } catch let error as CommandError { return error.reason } catch {}
        return nil
    }

    @Test("what a program says is kept, also when it ends at once", arguments: 0..<20)
    func output(_: Int) async throws {
        #expect(try await runner.run(Command("echo", ["a b", "*", "$HOME"])).text == "a b * $HOME\n")
    }

    @Test("a megabyte of input comes through, and goes nowhere when nobody reads it")
    func input() async throws {
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let result = try await runner.run(Command("cksum", input: bytes))
        #expect(result.text.hasSuffix(" 1000000\n"))
        #expect(try await runner.run(Command("true", input: bytes)).output.isEmpty)
        #expect(try await runner.run(Command("cat")).output.isEmpty)
    }

    @Test("the environment is clean but for what is given")
    func environment() async throws {
        setenv("PICLI_SECRET_OF_THE_PARENT", "x", 1)
        let text = try await runner.run(Command("env", environment: ["A": "b=c"])).text
        #expect(
            text.split(separator: "\n").sorted() == ["A=b=c", "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
    }

    @Test("a flood of output ends a program that may say no more, at once", .timeLimit(.minutes(1)))
    func endless() async throws {
        let begun = ContinuousClock.now
        let result = try await runner.run(Command("yes", outputLimit: 1000, endsAtLimit: true))
        #expect(result.isTruncated && result.output.count == 1000)
        #expect(begun.duration(to: .now) < .seconds(20))
        let brief = try await runner.run(Command("echo", ["y"], outputLimit: 1000, endsAtLimit: true))
        #expect(!brief.isTruncated && brief.text == "y\n")
    }

    @Test("a flood of output is read to its end, and 64 KiB of it are kept")
    func flood() async throws {
        let script = "import sys; sys.stdout.write('a' * 3000000); sys.stderr.write('b' * 3000000 + 'end')"
        let result = try await runner.run(python(script))
        #expect(result.isTruncated)
        #expect(result.output == Array(repeating: UInt8(ascii: "a"), count: Command.outputLimit))
        #expect(result.complaints.count == Command.outputLimit)
        #expect(result.complaints.suffix(3) == Array("end".utf8)[...])
    }

    @Test("an unexpected status is an error with the last lines of complaint; an expected one is not")
    func status() async throws {
        let script = "import sys; sys.stderr.write('one\\n' * 9 + '\\x1b[31mlast\\n'); sys.exit(3)"
        let error = await #expect(throws: CommandError.self) { try await runner.run(python(script)) }
        #expect(error?.reason == .status(3))
        #expect(error?.lastLines == ["one", "one", "one", "one", "\\u001b[31mlast"])
        #expect(error?.description.hasPrefix("python3 ended with status 3: one / ") == true)
        var tolerant = python(script)
        tolerant.expected = [0, 3]
        #expect(try await runner.run(tolerant).status == 3)
        #expect(try await runner.agrees(Command("true")))
        #expect(try await runner.agrees(Command("false")) == false)
    }

    @Test("what cannot be run is told so, with the reason")
    func unstartable() async throws {
        #expect(await reason { _ = try await runner.run(Command("picli-no-such-program")) } == .notFound)
        #expect(await reason { _ = try await runner.run(Command("/etc/passwd")) } == .notFound)
        #expect(await reason { _ = try await runner.run(Command("/usr/bin")) } == .notFound)
        #expect(
            await reason { _ = try await runner.run(Command("true", ["a\0b"])) }
                == .unstartable("an argument holds a zero byte"))
        directory.write("no program at all", to: "text")
        chmod("\(directory.path)/text", 0o755)
        guard case .unstartable = await reason({ _ = try await runner.run(Command("\(directory.path)/text")) }) else {
            Issue.record("a text was run")
            return
        }
        #expect(await reason { _ = try await runner.run(python("import os; os.kill(os.getpid(), 9)")) } == .signal(9))
    }

    @Test("a program that overruns is ended with all that it started, however deaf they are")
    func timeout() async throws {
        // A child that ignores SIGTERM and holds the pipes, a parent that waits for ever.
        let script = """
            import os, signal, time
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                open('\(directory.path)/child', 'w').write(str(os.getpid()))
            time.sleep(600)
            """
        let start = ContinuousClock.now
        #expect(
            await reason { _ = try await runner.run(python(script, timeout: .seconds(1))) } == .timeout(.seconds(1)))
        #expect(ContinuousClock.now - start < .seconds(10))
        let child = try #require(pid_t(try SmallFile.text(at: "\(directory.path)/child")))
        try await expectGone(child)
    }

    @Test("a caller that is cancelled gets CancellationError, and the program is gone by then")
    func cancellation() async throws {
        let script = "import os, time; open('\(directory.path)/me', 'w').write(str(os.getpid())); time.sleep(600)"
        let task = Task { [runner] in try await runner.run(python(script)) }
        while (try? SmallFile.text(at: "\(directory.path)/me"))?.isEmpty ?? true {
            try await Task.sleep(for: .milliseconds(20))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await expectGone(try #require(pid_t(try SmallFile.text(at: "\(directory.path)/me"))))
    }

    /// Gone, or waiting for its parent to look at its status.
    private func expectGone(_ process: pid_t) async throws {
        for _ in 0..<100 {
            let text = (try? SmallFile.text(at: "/proc/\(process)/stat")) ?? ""
            if text.isEmpty || text.contains(") Z ") { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("process \(process) still runs")
    }
}
