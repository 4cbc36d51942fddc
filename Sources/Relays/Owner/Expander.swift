import Hardware
import Platform
import Site
import Synchronization

/// One MCP23017 on the thread of its bus: what its pins are to be, and how they are.
///
/// What is to be is kept apart from what was written: a change while the chip is away is made when it is back.
final class Expander: Sendable {
    let location: I2CLocation
    private let bus: Blocking<any I2CBus>
    private let wanted = Mutex<[Int: Bool]>([:])
    /// Levels of the outputs, as they were last found or written; nil until the chip has answered once.
    private let known = Mutex<[Int: Bool]?>(nil)
    /// Touched on the thread of the bus alone.
    private let copy: Mutex<Copy>

    fileprivate struct Copy {
        var chip: MCP23017
        var isAdopted = false
        /// The last transfer failed: the chip may have been without supply.
        var isDoubtful = false
    }

    /// Longer than a transfer of a bus that hangs; shorter than somebody waits.
    private static let patience = Duration.seconds(1)

    init(_ location: I2CLocation, on bus: Blocking<any I2CBus>) {
        self.location = location
        self.bus = bus
        copy = Mutex(Copy(chip: MCP23017(address: location.address)))
    }

    /// Takes over what the chip drives now; nothing changes at its pins.
    ///
    /// - Returns: The levels of its outputs.
    func find(within limit: Duration) async throws -> [Int: Bool] {
        try await bus.run(within: limit) { [self] bus in
            let levels = try copy.withLock { copy throws(HardwareError) in
                try copy.adopt(on: bus)
                return copy.levels
            }
            known.withLock { $0 = levels }
            return levels
        }
    }

    /// What the chip was last known to drive a pin to; nil for an input, and before `find`.
    func driven(_ pin: Int) -> Bool? { known.withLock { $0?[pin] } }

    /// Whether it was there at all since the start.
    var hasAnswered: Bool { known.withLock { $0 != nil } }

    /// Says what a pin is to be; `apply` brings it about.
    func set(_ pin: Int, high: Bool) { wanted.withLock { $0[pin] = high } }

    /// Forgets a pin that belongs to no relay any more; the chip goes on with it as it is.
    func forget(_ pin: Int) { wanted.withLock { $0[pin] = nil } }

    /// Writes what the pins are to be, all at once.
    ///
    /// - Throws: `HardwareError`, `DeadlineExceeded`.
    func apply() async throws {
        try await bus.run(within: Self.patience) { [self] bus in
            let levels = try copy.withLock { copy throws(HardwareError) in
                repeat {
                    try copy.write(wanted.withLock { $0 }, on: bus)
                    // On a bus that hung, what was written may have been given up meanwhile.
                } while copy.differs(from: wanted.withLock { $0 })
                return copy.levels
            }
            known.withLock { $0 = levels }
        }
    }

    /// Reads the pins back; a chip that has lost its settings gets them again.
    ///
    /// - Returns: The levels at the pins that are driven, and whether it had lost its settings.
    func check() async throws -> (levels: [Int: Bool], wasReset: Bool) {
        try await bus.run(within: Self.patience) { [self] bus in
            let (found, levels) = try copy.withLock { copy throws(HardwareError) in
                (try copy.check(wanted.withLock { $0 }, on: bus), copy.levels)
            }
            known.withLock { $0 = levels }
            return found
        }
    }
}

extension Expander.Copy {
    /// The levels that the copy drives.
    var levels: [Int: Bool] {
        [Int: Bool](uniqueKeysWithValues: (0..<16).compactMap { pin in chip.driven(pin).map { (pin, $0) } })
    }

    /// Whether it drives something other than what is wanted.
    func differs(from wanted: [Int: Bool]) -> Bool { wanted.contains { chip.driven($0.key) != $0.value } }

    mutating func adopt(on bus: any I2CBus) throws(HardwareError) {
        guard !isAdopted else { return }
        try chip.adopt(on: bus)
        isAdopted = true
    }

    mutating func write(_ wanted: [Int: Bool], on bus: any I2CBus) throws(HardwareError) {
        do throws(HardwareError) {
            try adopt(on: bus)
            for (pin, high) in wanted { chip.set(pin, high: high) }
            if isDoubtful { try chip.recover(on: bus) } else { try chip.restore(on: bus) }
            isDoubtful = false
        } catch {
            isDoubtful = true
            throw error
        }
    }

    mutating func check(_ wanted: [Int: Bool], on bus: any I2CBus) throws(HardwareError) -> ([Int: Bool], Bool) {
        let hadFailed = isDoubtful
        if hadFailed || !isAdopted || differs(from: wanted) { try write(wanted, on: bus) }
        do throws(HardwareError) {
            var condition = try chip.condition(on: bus)
            let wasReset = condition.hasLostSettings
            if wasReset {
                try chip.recover(on: bus)
                condition = try chip.condition(on: bus)
            }
            let levels = (0..<16).filter { chip.driven($0) != nil }.map {
                ($0, condition.levels & (1 << UInt16($0)) != 0)
            }
            return ([Int: Bool](uniqueKeysWithValues: levels), wasReset)
        } catch {
            isDoubtful = true
            throw error
        }
    }
}
