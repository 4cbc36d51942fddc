import Foundation
import Glibc

/// A program that this process started, on a thread of its own.
///
/// `PR_SET_PDEATHSIG` fires when the *thread* that started a program ends, so the thread waits for the program: whatever
/// asks for that signal lives exactly as long as this process at most.
final class Child: Sendable {
    let process: pid_t
    private let exit: Task<Int32, Never>

    /// What a program left behind.
    struct Output: Sendable {
        /// 128 + signal when a signal ended it, as a shell says it.
        let status: Int32
        let standardOutput: Data
        let standardError: Data
    }

    /// Starts a program that runs until it ends or is killed.
    ///
    /// - Parameters:
    ///   - arguments: The program, looked up in PATH, and its arguments.
    ///   - log: Where its output goes.
    static func start(_ arguments: [String], environment: [String: String] = [:], log: URL) async throws -> Child {
        let descriptor = open(log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BenchFailure("\(log.path) cannot be written") }
        defer { close(descriptor) }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(null) }
        return try await Child(arguments, environment, descriptors: [null, descriptor, descriptor])
    }

    /// Runs a program to its end; it is killed when the task is cancelled.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
    ) async throws -> Output {
        let files = try (0..<3).map { _ in try temporaryFile() }
        defer { files.forEach { close($0) } }
        try input.withUnsafeBytes { bytes in
            guard write(files[0], bytes.baseAddress, bytes.count) == bytes.count else {
                throw BenchFailure("no memory for the input of \(arguments[0])")
            }
        }
        lseek(files[0], 0, SEEK_SET)
        let child = try await Child(arguments, environment, descriptors: files)
        let status = await withTaskCancellationHandler {
            await child.status
        } onCancel: {
            child.kill()
        }
        try Task.checkCancellation()
        return Output(status: status, standardOutput: contents(of: files[1]), standardError: contents(of: files[2]))
    }

    var status: Int32 { get async { await exit.value } }

    func kill(_ signal: Int32 = SIGKILL) { Glibc.kill(process, signal) }

    private init(_ arguments: [String], _ environment: [String: String], descriptors: [Int32]) async throws {
        let (ended, ending) = AsyncStream<Int32>.makeStream()
        let started: Result<pid_t, BenchFailure> = await withCheckedContinuation { continuation in
            let thread = Thread {
                let result = spawn(arguments, environment, descriptors)
                continuation.resume(returning: result)
                guard case .success(let process) = result else { return }
                var status: Int32 = 0
                while waitpid(process, &status, 0) < 0 && errno == EINTR {}
                ending.yield(status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F))
                ending.finish()
            }
            thread.name = arguments[0]
            thread.start()
        }
        process = try started.get()
        exit = Task { await ended.first { _ in true } ?? 0 }
    }
}

/// Starts a program with the given descriptors as its 0, 1 and 2.
private func spawn(
    _ arguments: [String], _ environment: [String: String], _ descriptors: [Int32]
) -> Result<pid_t, BenchFailure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, descriptor) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
    }
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var argv = arguments.map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, arguments[0], &actions, nil, &argv, &envp)
    guard error == 0 else {
        return .failure(BenchFailure("\(arguments[0]) cannot be started: \(String(cString: strerror(error)))"))
    }
    return .success(process)
}

/// A file without a name; it needs no reader while it is written, as a pipe would.
private func temporaryFile() throws -> Int32 {
    var path = Array("/tmp/bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw BenchFailure("/tmp cannot be written") }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
}

private func contents(of file: Int32) -> Data {
    var status = stat()
    fstat(file, &status)
    var data = Data(count: Int(status.st_size))
    let count = data.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    return data.prefix(max(0, count))
}

/// What went wrong with the bench itself, as a sentence.
public struct BenchFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
