import Appliance
import Logging
import ServiceLifecycle
import Site
import Synchronization
import TestSupport
import Testing

/// A collector service on a clock that the test moves, with a store and a journal that only remember.
final class CollectionBench: Sendable {
    let clock = ManualClock()
    let progress = CollectionProgress()
    let broadcast = ReadingBroadcast()
    let batches = Inbox<ReadingBatch>()
    let events = Inbox<Event>()

    var now: Timestamp {
        let milliseconds = Int64((clock.now.offset / .milliseconds(1)).rounded())
        return Timestamp(wall: 1_800_000_000_000 + milliseconds, boot: 1, monotonic: milliseconds, isTrusted: true)
    }

    func service(_ collectors: [any Collector], sink: (@Sendable (ReadingBatch) async -> Void)? = nil)
        -> CollectorService<ManualClock>
    {
        CollectorService(
            collectors, clock: clock, now: { self.now }, progress: progress, broadcast: broadcast,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            sink: sink ?? { self.batches.put($0) }, report: { self.events.put($0) })
    }

    /// Runs a service in a group; when `body` returns, the group is shut down and its end awaited.
    func run(_ service: some Service, _ body: @Sendable @escaping () async throws -> Void) async throws {
        let group = ServiceGroup(
            services: [service], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                do { try await body() } catch { Issue.record(error) }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    /// Moves the clock on, one step after the other, each when the batches of the one before are there.
    func advance(by step: Duration, times: Int, until count: (Int) -> Int) async {
        for time in 1...times {
            clock.advance(by: step)
            await batches.wait(for: count(time))
        }
    }
}

/// What has arrived so far; a test waits for the n-th.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var waiters: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [Element] { state.withLock { $0.elements } }

    func put(_ element: Element) {
        let due = state.withLock { state in
            state.elements.append(element)
            let count = state.elements.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return state.waiters.filter { $0.count <= count }
        }
        for waiter in due { waiter.wake.resume() }
    }

    /// Returns when so many have arrived since the start.
    func wait(for count: Int) async {
        await withCheckedContinuation { wake in
            let isThere = state.withLock { state in
                if state.elements.count >= count { return true }
                state.waiters.append((count, wake))
                return false
            }
            if isThere { wake.resume() }
        }
    }
}

/// A collector whose answers the test makes.
final class ScriptedCollector: Collector {
    let name: String
    let interval: Duration
    let deadline: Duration
    private let answer: @Sendable (Int) async -> Result<Double, NoData>
    private let count = Mutex(0)

    /// - Parameter answer: Told how many collections there were before.
    init(
        _ name: String, every interval: Duration = .seconds(1), deadline: Duration = .milliseconds(500),
        answer: @escaping @Sendable (Int) async -> Result<Double, NoData> = { .success(Double($0)) }
    ) {
        self.name = name
        self.interval = interval
        self.deadline = deadline
        self.answer = answer
    }

    var metric: Metric { Metric(name, .temperature, unit: .celsius) }

    var collections: Int { count.withLock { $0 } }

    func collect(at time: Timestamp) async -> [Reading] {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        switch await answer(number) {
        case .success(let value): return [Reading(metric, at: time, value: value)]
        case .failure(let noData): return [Reading(metric, at: time, noData: noData)]
        }
    }

    func overdue(at time: Timestamp) -> [Reading] {
        [Reading(metric, at: time, noData: NoData(.timeout, "no answer in time"))]
    }
}

/// A gate that stays shut until the test opens it, whatever is cancelled meanwhile: a call stuck in the kernel.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { waiter in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(waiter) }
                return state.isOpen
            }
            if isOpen { waiter.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

extension ReadingBatch {
    func value(_ name: String) -> Double? { readings.first { $0.metric.name == name }?.value }
    func noData(_ name: String) -> NoData? { readings.first { $0.metric.name == name }?.noData }
}
