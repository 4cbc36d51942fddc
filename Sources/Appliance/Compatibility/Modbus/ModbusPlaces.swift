import Logging
import Platform
import Synchronization

/// How many clients are connected, and who was turned away: said once a minute at most.
final class ModbusPlaces: Sendable {
    private struct State {
        var free: Int
        var silentUntil: Duration = .zero
    }

    private let state: Mutex<State>
    private let logger: Logger

    init(_ most: Int, logger: Logger) {
        state = Mutex(State(free: most))
        self.logger = logger
    }

    /// False when nobody more is served.
    var isFree: Bool { state.withLock { $0.free > 0 } }

    func take() { state.withLock { $0.free -= 1 } }

    func giveBack() { state.withLock { $0.free += 1 } }

    func refused(_ client: String, _ reason: String) {
        let now = KernelClock.monotonic()
        let isSaid = state.withLock { state in
            guard now >= state.silentUntil else { return false }
            state.silentUntil = now + .seconds(60)
            return true
        }
        if isSaid {
            logger.warning("a Modbus client is turned away", metadata: ["client": "\(client)", "reason": "\(reason)"])
        }
    }
}
