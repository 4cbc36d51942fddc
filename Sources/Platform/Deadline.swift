import Synchronization

/// An operation did not answer within its deadline.
public struct DeadlineExceeded: Error, Hashable, Sendable, CustomStringConvertible {
    public let limit: Duration

    public init(limit: Duration) { self.limit = limit }

    public var description: String { "no answer within \(limit)" }
}

/// Runs an operation, and returns to the caller at the deadline whatever the operation does.
///
/// A task group would wait for its children, and a thread in a system call cannot be cancelled. So the operation is a
/// task of its own: at the deadline it is cancelled, and left alone. For calls that can hang in the kernel use
/// `Blocking`, which also keeps further calls from queueing behind the hung one.
///
/// - Throws: `DeadlineExceeded`; `CancellationError` when the caller is cancelled; what the operation throws.
public func withDeadline<Success: Sendable>(
    _ limit: Duration, clock: some Clock<Duration> = ContinuousClock(),
    operation: @escaping @Sendable () async throws -> Success
) async throws -> Success {
    let answer = Answer<Success>()
    let work = Task {
        do { answer.resolve(.success(try await operation())) } catch { answer.resolve(.failure(error)) }
    }
    let timer = Task {
        try await clock.sleep(for: limit)
        answer.resolve(.failure(DeadlineExceeded(limit: limit)))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    return try await answer.value()
}

/// One answer for one waiter: the first `resolve` counts, later ones are dropped.
final class Answer<Success: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Success, any Error>)
        case resolved(Result<Success, any Error>)
        case taken
    }

    private let state = Mutex(State.open)

    func resolve(_ result: Result<Success, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Success, any Error>? in
            switch state {
            case .open:
                state = .resolved(result)
                return nil
            case .waiting(let continuation):
                state = .taken
                return continuation
            case .resolved, .taken:
                return nil
            }
        }
        waiter?.resume(with: result)
    }

    /// Waits for the answer; called once.
    ///
    /// A cancelled caller gets `CancellationError` at once.
    func value() async throws -> Success {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Success, any Error>? in
                    if case .resolved(let result) = state {
                        state = .taken
                        return result
                    }
                    state = .waiting(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            resolve(.failure(CancellationError()))
        }
    }
}
