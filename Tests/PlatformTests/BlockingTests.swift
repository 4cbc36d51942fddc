import Glibc
import Platform
import Synchronization
import Testing

/// A wire whose calls block until the test lets them go.
private final class Wire: Sendable {
    let entered = AsyncStream<Void>.makeStream()
    private let gate = Mutex(false)

    func hang() -> String {
        entered.continuation.yield()
        while !gate.withLock({ $0 }) { usleep(1000) }
        return "at last"
    }

    func release() { gate.withLock { $0 = true } }

    func waitUntilEntered() async { for await _ in entered.stream { return } }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}

@Suite("Blocking calls")
struct BlockingTests {
    @Test("an actor on a blocking executor runs on that executor's thread, in order")
    func order() async {
        actor Line {
            private let executor = BlockingExecutor(name: "test-line")
            nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
            private(set) var seen: [Int] = []
            private(set) var threads: Set<UInt> = []
            func add(_ value: Int) {
                executor.preconditionIsolated()
                seen.append(value)
                threads.insert(UInt(pthread_self()))
            }
        }
        let line = Line()
        for value in 0..<100 { await line.add(value) }
        #expect(await line.seen == Array(0..<100))
        #expect(await line.threads.count == 1)
    }

    @Test("a task that prefers the thread is on it, also after a wait, and holds it as long as it lasts")
    func tasks() async {
        let work = Task(executorPreference: BlockingExecutor(name: "test-prefers").forTasks) {
            let before = Self.threadName("/proc/thread-self")
            try? await Task.sleep(for: .milliseconds(1))
            return [before, Self.threadName("/proc/thread-self")]
        }
        #expect(await work.value == ["test-prefers", "test-prefers"])
    }

    @Test("the thread goes when the executor goes")
    func threadEnds() async throws {
        var wire: Blocking<Int>? = Blocking(name: "test-ends") { 1 }
        let answer = try await wire?.run(within: .seconds(5)) { $0 + 1 }
        #expect(answer == 2)
        #expect(threadNames().contains("test-ends"))
        wire = nil
        for _ in 0..<2000 where threadNames().contains("test-ends") { try await Task.sleep(for: .milliseconds(1)) }
        #expect(!threadNames().contains("test-ends"))
    }

    @Test("a call that hangs costs its caller the deadline, the next one nothing, and the wire serves when it is back")
    func stuck() async throws {
        let wire = Wire()
        let line = Blocking(name: "test-stuck") { wire }
        await #expect(throws: DeadlineExceeded(limit: .milliseconds(30))) {
            try await line.run(within: .milliseconds(30)) { $0.hang() }
        }
        #expect(line.isStuck)
        let elapsed = await ContinuousClock().measure {
            for _ in 0..<1000 {
                await #expect(throws: DeadlineExceeded.self) { try await line.run(within: .seconds(60)) { _ in } }
            }
        }
        #expect(elapsed < .seconds(5))
        wire.release()
        for _ in 0..<2000 where line.isStuck { try await Task.sleep(for: .milliseconds(1)) }
        let answer = try await line.run(within: .seconds(5)) { _ in "served" }
        #expect(answer == "served")
    }

    @Test("who waits behind a call that hangs is told with it, and its work is never done later")
    func waiters() async throws {
        let wire = Wire()
        let late = Counter()
        let line = Blocking(name: "test-wait") { wire }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await line.run(within: .milliseconds(100)) { $0.hang() } }
            await wire.waitUntilEntered()
            for _ in 0..<20 {
                group.addTask {
                    await #expect(throws: DeadlineExceeded.self) {
                        try await line.run(within: .seconds(60)) { _ in late.increment() }
                    }
                }
            }
            try await group.waitForAll()
        }
        wire.release()
        for _ in 0..<2000 where line.isStuck { try await Task.sleep(for: .milliseconds(1)) }
        try await line.run(within: .seconds(5)) { _ in }
        #expect(late.value == 0)
    }

    @Test("waiting behind others is not held against a call")
    func fairDeadline() async throws {
        let line = Blocking(name: "test-fair") { 0 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask { try await line.run(within: .milliseconds(500)) { _ in _ = usleep(100_000) } }
            }
            try await group.waitForAll()
        }
    }

    @Test("a cancelled caller is let go at once while its call still hangs")
    func cancellation() async throws {
        let wire = Wire()
        let line = Blocking(name: "test-cancel") { wire }
        let caller = Task { try await line.run(within: .seconds(60)) { $0.hang() } }
        await wire.waitUntilEntered()
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        wire.release()
        try await line.run(within: .seconds(5)) { _ in }
    }

    @Test("four hung lines delay no other task")
    func poolStaysFree() async throws {
        let wires = (0..<4).map { _ in Wire() }
        let lines = wires.map { wire in Blocking(name: "test-hang") { wire } }
        let hung = lines.map { line in Task { try? await line.run(within: .seconds(60)) { $0.hang() } } }
        for wire in wires { await wire.waitUntilEntered() }
        let elapsed = try await ContinuousClock().measure { try await Task.sleep(for: .milliseconds(20)) }
        // Delayed, it would take as long as they hang.
        #expect(elapsed < .seconds(10))
        for wire in wires { wire.release() }
        for task in hung { _ = await task.value }
    }

    @Test("errors of the work reach the caller")
    func errors() async {
        struct Burnt: Error {}
        let line = Blocking(name: "test-errors") { 0 }
        await #expect(throws: Burnt.self) { try await line.run(within: .seconds(5)) { _ in throw Burnt() } }
    }

    private func threadNames() -> Set<String> {
        var names: Set<String> = []
        guard let directory = opendir("/proc/self/task") else { return names }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let id = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = Self.threadName("/proc/self/task/\(id)") { names.insert(name) }
        }
        return names
    }

    private static func threadName(_ folder: String) -> String? {
        let file = open("\(folder)/comm", O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = read(file, &buffer, 32)
        return String(decoding: buffer.prefix(max(0, count - 1)), as: UTF8.self)
    }
}

@Suite("Deadlines")
struct DeadlineTests {
    @Test("an operation that answers in time is answered")
    func inTime() async throws {
        let value = try await withDeadline(.seconds(10)) { 42 }
        #expect(value == 42)
    }

    @Test("an operation that never answers costs the deadline")
    func never() async {
        await #expect(throws: DeadlineExceeded(limit: .milliseconds(20))) {
            try await withDeadline(.milliseconds(20)) {
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            }
        }
    }

    @Test("a cancelled caller does not wait for the deadline")
    func cancelled() async {
        let caller = Task {
            try await withDeadline(.seconds(600)) { try await Task.sleep(for: .seconds(600)) }
        }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
    }

    @Test("what the operation throws is thrown")
    func failure() async {
        struct Burnt: Error {}
        await #expect(throws: Burnt.self) { try await withDeadline(.seconds(10)) { throw Burnt() } }
    }
}
