import Foundation
import Synchronization

/// How many machines run at once: two, or what `PICLI_BENCH_MACHINES` says.
///
/// A test waits here for its turn.
final class MachineSlots: Sendable {
    static let all = MachineSlots(
        limit: ProcessInfo.processInfo.environment["PICLI_BENCH_MACHINES"].flatMap(Int.init) ?? 2)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(free: max(1, limit))) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
