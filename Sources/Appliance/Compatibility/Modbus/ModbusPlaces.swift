import Logging
import Platform
import Site
import Synchronization

/// Who is connected, and who was turned away.
final class ModbusPlaces: Sendable {
    private struct Guest {
        let address: IPAddress
        /// When it was heard last.
        var heard: Duration
        /// Told to go: its place is free already.
        var isLeaving = false
        let leave: @Sendable () -> Void
    }

    private struct State {
        var guests: [Int: Guest] = [:]
        var next = 0
        /// The last one that wanted in could not be taken.
        var isFailing = false

        var count: Int { guests.values.count { !$0.isLeaving } }
    }

    private let state = Mutex(State())
    private let most: Int
    private let patience: Duration
    private let logger: Logger
    private let turnedAway: TurnedAway

    /// - Parameter patience: Whoever is silent for so long gives its place to another connection of the same address.
    init(_ most: Int, patience: Duration = ModbusLimits().yields, logger: Logger) {
        self.most = most
        self.patience = patience
        self.logger = logger
        turnedAway = TurnedAway("a Modbus client", logger: logger)
    }

    /// Whether there is room for one of this address.
    ///
    /// Where all places are taken, the one of the same address that has been silent for longest is told to go: a client that
    /// has started anew has left its old connections behind, and does not know them.
    func isFree(for address: IPAddress) -> Bool {
        let now = KernelClock.monotonic()
        let (isFree, leave) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard state.count >= most else { return (true, nil) }
            let silent = state.guests.filter {
                $0.value.address == address && !$0.value.isLeaving && now - $0.value.heard >= patience
            }
            guard let oldest = silent.min(by: { $0.value.heard < $1.value.heard }) else { return (false, nil) }
            var leaving = oldest.value
            leaving.isLeaving = true
            state.guests[oldest.key] = leaving
            return (true, leaving.leave)
        }
        leave?()
        return isFree
    }

    /// - Parameter leave: Has the connection end.
    /// - Returns: What it is called here.
    func take(_ address: IPAddress, leave: @escaping @Sendable () -> Void) -> Int {
        let now = KernelClock.monotonic()
        return state.withLock { state in
            state.next += 1
            state.guests[state.next] = Guest(address: address, heard: now, leave: leave)
            return state.next
        }
    }

    func heard(_ guest: Int) {
        let now = KernelClock.monotonic()
        state.withLock { state in
            guard var known = state.guests[guest] else { return }
            known.heard = now
            state.guests[guest] = known
        }
    }

    func giveBack(_ guest: Int) { state.withLock { $0.guests[guest] = nil } }

    /// A client could not be taken, as when the process has no descriptor left: said once, though it is tried again each
    /// second.
    ///
    /// - Returns: Whether it is said.
    @discardableResult
    func failed(_ error: any Error) -> Bool {
        let isNew = state.withLock { state in
            defer { state.isFailing = true }
            return !state.isFailing
        }
        if isNew { logger.error("no Modbus client is taken", metadata: ["error": "\(error)"]) }
        return isNew
    }

    /// One was taken: said where the last one could not be.
    ///
    /// - Returns: Whether it is said.
    @discardableResult
    func works() -> Bool {
        let isOver = state.withLock { state in
            defer { state.isFailing = false }
            return state.isFailing
        }
        if isOver { logger.notice("Modbus clients are taken again") }
        return isOver
    }

    /// - Returns: Whether it is said.
    @discardableResult
    func refused(_ client: String, _ reason: String) -> Bool { turnedAway.say(client, reason) }
}
