import Logging
import Platform
import Synchronization

/// Clients of other products that were turned away: said once a minute at most for each client and reason.
final class TurnedAway: Sendable {
    /// Until when it is not said again, by client and reason.
    private let silent = Mutex<[String: Duration]>([:])
    private let message: Logger.Message
    private let logger: Logger
    /// Of so many clients and reasons it is known when they were said; others are not said meanwhile.
    private static let mostSilent = 32

    /// - Parameter clients: What one of them is called: `a Modbus client`.
    init(_ clients: String, logger: Logger) {
        message = "\(clients) is turned away"
        self.logger = logger
    }

    /// - Returns: Whether it is said.
    @discardableResult
    func say(_ client: String, _ reason: String) -> Bool {
        let now = KernelClock.monotonic()
        let key = "\(client): \(reason)"
        let isSaid = silent.withLock { silent in
            silent = silent.filter { $0.value > now }
            guard silent[key] == nil, silent.count < Self.mostSilent else { return false }
            silent[key] = now + .seconds(60)
            return true
        }
        if isSaid { logger.warning(message, metadata: ["client": "\(client)", "reason": "\(reason)"]) }
        return isSaid
    }
}
