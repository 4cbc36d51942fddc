import Foundation
import Synchronization

/// How many machines run at once: two, or what `PICLI_BENCH_MACHINES` says.
///
/// A test waits here for its turn. Those that may take longest come first, so that none of them runs on alone at the end.
final class MachineSlots: Sendable {
    static let all = MachineSlots(
        limit: ProcessInfo.processInfo.environment["PICLI_BENCH_MACHINES"].flatMap(Int.init) ?? 2)

    private struct State {
        var free: Int
        var waiting: [(limit: Duration, turn: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(free: max(1, limit))) }

    /// - Parameter limit: What the test may take.
    func take(limit: Duration) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append((limit, continuation))
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
            guard let longest = state.waiting.indices.max(by: { state.waiting[$0].limit < state.waiting[$1].limit })
            else {
                state.free += 1
                return nil
            }
            return state.waiting.remove(at: longest).turn
        }
        next?.resume()
    }
}
