import Synchronization

/// A resource whose calls block, on a thread of its own, with a deadline for every call.
///
/// Calls run one after the other, in order. A call's time starts when the resource begins with it, so waiting behind
/// others is not held against it. When a call overruns, its caller gets `DeadlineExceeded` although the thread is still
/// in the kernel; so does everybody who waits behind it, and everybody who calls while it is stuck, at once: nothing
/// piles up. When the stuck call returns after all, the resource serves again.
///
///     let bus = Blocking(name: "i2c-1") { LinuxI2CBus(number: 1) }
///     let volts = try await bus.run(within: .seconds(1)) { bus in try chip.read(on: bus) }
public actor Blocking<Resource> {
    private let executor: BlockingExecutor
    private let resource: Resource
    private let clock: any Clock<Duration>
    private let gate = Mutex(Gate())

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - name: The thread's name.
    ///   - clock: Measures the deadlines.
    ///   - make: Makes the resource, on the caller's thread; it should open nothing yet that can block.
    public init(name: String, clock: any Clock<Duration> = ContinuousClock(), make: () -> sending Resource) {
        executor = BlockingExecutor(name: name)
        self.clock = clock
        resource = make()
    }

    /// True while a call has overrun its deadline and has not come back.
    public nonisolated var isStuck: Bool { gate.withLock { $0.isStuck } }

    /// Runs `body` on the resource's thread.
    ///
    /// - Throws: `DeadlineExceeded`; `CancellationError` when the caller is cancelled; what `body` throws.
    public nonisolated func run<Success: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (Resource) throws -> Success
    ) async throws -> Success {
        let answer = Answer<Success>()
        let overrun = DeadlineExceeded(limit: limit)
        let call = gate.withLock { $0.admit { answer.resolve(.failure(overrun)) } }
        guard let call else { throw overrun }
        let work = Task(executorPreference: executor.forTasks) {
            await self.perform(call, within: limit, body, answer: answer)
        }
        defer { work.cancel() }
        return try await answer.value()
    }

    private func perform<Success: Sendable>(
        _ call: Int, within limit: Duration, _ body: (Resource) throws -> Success, answer: Answer<Success>
    ) {
        // Whoever gave up while waiting, or was told that the resource is stuck, must not run later.
        guard !Task.isCancelled, gate.withLock({ $0.begin(call) }) else {
            gate.withLock { $0.forget(call) }
            return
        }
        let timer = startTimer(for: call, limit)
        let result = Result { try body(resource) }
        timer.cancel()
        gate.withLock { $0.end(call) }
        answer.resolve(result)
    }

    /// Not isolated, so that the timer runs elsewhere than on the thread that it watches.
    private nonisolated func startTimer(for call: Int, _ limit: Duration) -> Task<Void, any Error> {
        Task { [clock, weak self] in
            try await clock.sleep(for: limit)
            self?.expire(call)
        }
    }

    private nonisolated func expire(_ call: Int) {
        for giveUp in gate.withLock({ $0.expire(call) }) { giveUp() }
    }
}

/// Who runs, who waits, and whether the one who runs has overrun.
private struct Gate {
    private var lastCall = 0
    private var running: Int?
    private(set) var isStuck = false
    private var giveUps: [Int: @Sendable () -> Void] = [:]

    /// A number for a new call; nil while the resource is stuck.
    mutating func admit(giveUp: @escaping @Sendable () -> Void) -> Int? {
        guard !isStuck else { return nil }
        lastCall += 1
        giveUps[lastCall] = giveUp
        return lastCall
    }

    /// False when the call was given up while it waited.
    mutating func begin(_ call: Int) -> Bool {
        guard giveUps[call] != nil else { return false }
        running = call
        return true
    }

    mutating func end(_ call: Int) {
        running = nil
        isStuck = false
        forget(call)
    }

    mutating func forget(_ call: Int) { giveUps[call] = nil }

    /// The running call has overrun: it and all that wait are to be told.
    mutating func expire(_ call: Int) -> [@Sendable () -> Void] {
        guard running == call else { return [] }
        isStuck = true
        defer { giveUps = [:] }
        return Array(giveUps.values)
    }
}
