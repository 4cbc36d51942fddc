public import Site
import Synchronization

/// How far collecting has come: what READY, the watchdog and diagnostics ask.
public final class CollectionProgress: Sendable {
    public struct Snapshot: Hashable, Sendable {
        /// When the store took the last batch; nil before the first.
        public var lastStored: Timestamp?
        /// Collections left out since start, of all collectors.
        public var missedTicks = 0
        /// Batches that the store did not take in time, since start.
        public var droppedBatches = 0
        /// What is lost now, by the name of the sensor.
        public var lost: Set<String> = []
    }

    private struct State {
        var snapshot = Snapshot()
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// Returns when the store has taken the first batch; at once when it already has.
    ///
    /// - Throws: `CancellationError`.
    public func firstStored() async throws {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if state.snapshot.lastStored != nil { return .success(()) }
                    // Checked under the lock, so that a cancellation is either seen here or finds the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[number] = waiter
                    return nil
                }
                if let result { waiter.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    func stored(at time: Timestamp) {
        let waiters = state.withLock { state in
            state.snapshot.lastStored = time
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    func missed(_ ticks: Int) { state.withLock { $0.snapshot.missedTicks += ticks } }

    func dropped() -> Int {
        state.withLock { state in
            state.snapshot.droppedBatches += 1
            return state.snapshot.droppedBatches
        }
    }

    func changed(_ key: SensorHealth.Key, isLost: Bool) {
        let name = key.instance.map { "\(key.subject) \($0)" } ?? key.subject
        state.withLock { state in
            if isLost { state.snapshot.lost.insert(name) } else { state.snapshot.lost.remove(name) }
        }
    }
}
