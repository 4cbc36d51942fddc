import CLinux
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// Runs programs of this machine, each in a session of its own, with a clean environment.
///
/// A program that overruns its time, or whose caller is cancelled, gets SIGTERM and two seconds later SIGKILL, and so do
/// all processes that it started and that stayed in its group.
public struct LinuxCommandRunner: CommandRunner {
    private static let grace = Duration.seconds(2)

    private let clock: any Clock<Duration>

    /// - Parameter clock: Measures the timeouts.
    public init(clock: any Clock<Duration> = ContinuousClock()) { self.clock = clock }

    public func run(_ command: Command) async throws -> CommandResult {
        guard let path = Self.path(of: command.program) else { throw CommandError(command, .notFound) }
        let isWhole = ([path] + command.arguments + command.environment.flatMap { [$0.key, $0.value] })
            .allSatisfy { !$0.utf8.contains(0) }
        guard isWhole else { throw CommandError(command, .unstartable("an argument holds a zero byte")) }
        let input = try Self.inputFile(of: command)
        let group = ProcessGroup()
        let outcome = await race(command) { try await Self.launch(path, command, input, group) }
        switch outcome {
        case .ended(.success(let ended)): return try ended.result(of: command)
        case .ended(.failure(let error)):
            group.kill()
            try Task.checkCancellation()
            throw CommandError(command, .unstartable("\(error)"))
        case .overran:
            group.kill()
            try Task.checkCancellation()
            throw CommandError(command, .timeout(command.timeout))
        }
    }

    private enum Outcome: Sendable {
        case ended(Result<Ended, any Error>)
        case overran
    }

    /// The first of the two: the program ends, or its time does.
    ///
    /// In either case the program is gone when this returns.
    private func race(
        _ command: Command, _ body: @escaping @Sendable () async throws -> Ended
    ) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { tasks in
            tasks.addTask {
                do { return .ended(.success(try await body())) } catch { return .ended(.failure(error)) }
            }
            tasks.addTask { [clock] in
                try? await clock.sleep(for: command.timeout)
                return .overran
            }
            let first = await tasks.next() ?? .overran
            // Cancelling the program's task begins its teardown; leaving the group waits for it.
            tasks.cancelAll()
            return first
        }
    }

    private static func launch(
        _ path: String, _ command: Command, _ input: Int32, _ group: ProcessGroup
    ) async throws -> Ended {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(command.arguments),
            environment: .custom(environment(of: command)), workingDirectory: "/", platformOptions: options,
            input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: true),
            output: .sequence, error: .sequence
        ) { execution in
            group.set(execution.processIdentifier.value)
            async let output = Kept.first(of: execution.standardOutput, limit: command.outputLimit) {
                if command.endsAtLimit { group.kill() }
            }
            async let complaints = Kept.last(of: execution.standardError)
            return try await (output, complaints)
        }
        return Ended(
            status: result.terminationStatus, output: result.closureResult.0, complaints: result.closureResult.1)
    }

    private static func environment(of command: Command) -> [Environment.Key: String] {
        let base = ["PATH": Command.searchPath.joined(separator: ":"), "LC_ALL": "C.UTF-8"]
        let all = base.merging(command.environment) { $1 }
        return Dictionary(
            uniqueKeysWithValues: all.compactMap { key, value in
                Environment.Key(rawValue: key).map { ($0, value) }
            })
    }

    static func path(of program: String) -> String? {
        let places = program.hasPrefix("/") ? [program] : Command.searchPath.map { "\($0)/\(program)" }
        return places.first { access($0, X_OK) == 0 && FileKind(of: $0) == .regular }
    }

    /// A file in memory: a program that does not read it breaks no pipe, and no disk sees what is in it.
    private static func inputFile(of command: Command) throws(CommandError) -> Int32 {
        do throws(SystemError) {
            guard let input = command.input else { return try Descriptor(opening: "/dev/null", O_RDONLY).release() }
            let number = linux_memory_file("input")
            guard number >= 0 else { throw SystemError(errno, "make a file in memory") }
            let file = Descriptor(owning: number)
            try file.write(all: input)
            guard lseek(number, 0, SEEK_SET) == 0 else { throw SystemError(errno, "rewind a file in memory") }
            return file.release()
        } catch {
            throw CommandError(command, .unstartable("\(error)"))
        }
    }
}

/// How a program ended, and what was kept of its outputs.
private struct Ended: Sendable {
    let status: TerminationStatus
    let output: Kept
    let complaints: Kept

    func result(of command: Command) throws(CommandError) -> CommandResult {
        if command.endsAtLimit, output.isTruncated {
            return CommandResult(output: output.bytes, complaints: complaints.bytes, isTruncated: true)
        }
        switch status {
        case .exited(let code) where command.expected.contains(code):
            return CommandResult(
                status: code, output: output.bytes, complaints: complaints.bytes,
                isTruncated: output.isTruncated || complaints.isTruncated)
        case .exited(let code):
            throw CommandError(command, .status(code), complaints: complaints.bytes)
        case .signaled(let number):
            throw CommandError(command, .signal(number), complaints: complaints.bytes)
        }
    }
}

/// A bounded part of an output; all of it is read, so that the program never waits for us.
private struct Kept: Sendable {
    var bytes: [UInt8] = []
    var isTruncated = false

    /// - Parameter isFull: Called when there is more than is kept.
    static func first(
        of output: SubprocessOutputSequence, limit: Int, isFull: @Sendable () -> Void
    ) async throws -> Kept {
        var kept = Kept()
        for try await buffer in output {
            let room = limit - kept.bytes.count
            buffer.withUnsafeBytes { kept.bytes += $0.prefix(room) }
            guard buffer.count > room, !kept.isTruncated else { continue }
            kept.isTruncated = true
            isFull()
        }
        return kept
    }

    static func last(of output: SubprocessOutputSequence) async throws -> Kept {
        var kept = Kept()
        for try await buffer in output {
            buffer.withUnsafeBytes { kept.bytes += $0 }
            if kept.bytes.count > Command.outputLimit {
                kept.bytes.removeFirst(kept.bytes.count - Command.outputLimit)
                kept.isTruncated = true
            }
        }
        return kept
    }
}

/// The processes of one session, to be ended together.
private final class ProcessGroup: Sendable {
    private let leader = Mutex<pid_t?>(nil)

    func set(_ process: pid_t) { leader.withLock { $0 = process } }

    /// Whoever outlived the leader's teardown.
    ///
    /// The kernel gives a number to no other process as long as a group has it; an empty group is no error.
    func kill() {
        guard let group = leader.withLock({ $0 }), group > 1 else { return }
        _ = Glibc.kill(-group, SIGKILL)
    }
}
