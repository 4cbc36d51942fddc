/// MCP23017: sixteen lines behind an I²C bus; 0x20…0x27.
///
/// It is driven from a copy of its latches and directions, and every change writes both of them whole, latches first:
/// so a change of one line writes to each other line what it has already, and a chip that lost its supply meanwhile is
/// as it was after the first change, without a line passing through a wrong level.
///
/// Source: Microchip DS20001952, section 3.5; registers as with IOCON.BANK = 0.
public struct MCP23017: Hashable, Sendable {
    public let address: UInt8
    /// The copy: latches and directions, line 0 (GPA0) in bit 0; a direction bit is 1 for an input.
    public private(set) var latches: UInt16
    public private(set) var directions: UInt16

    /// A chip as it is after power-on: all lines inputs, all latches low.
    public init(address: UInt8) {
        self.address = address
        latches = 0
        directions = 0xFFFF
    }

    enum Register: UInt8 {
        case direction = 0x00
        case polarity = 0x02
        case interrupt = 0x04
        case control = 0x0A
        case pullUp = 0x0C
        case port = 0x12
        case latch = 0x14
    }

    /// IOCON in the other register layout (BANK = 1); GPINTENB in ours, where 0 is what it has to be.
    static let controlOfBanks: UInt8 = 0x05

    // MARK: Set up

    /// Brings the register layout about, and takes over what the chip drives at this moment: nothing changes at a line.
    ///
    /// - Throws: `HardwareError` of the bus; `busError` when what answers does not keep its settings.
    public mutating func adopt(on bus: any I2CBus) throws(HardwareError) {
        try setUp(on: bus)
        directions = try read(.direction, on: bus)
        latches = try read(.latch, on: bus)
    }

    /// IOCON 0: registers in pairs, the address moves on by itself; IPOL 0: a port reads as it is.
    private func setUp(on bus: any I2CBus) throws(HardwareError) {
        if try read(.control, on: bus) != 0 {
            // Whichever layout it has, one of these two is its IOCON.
            _ = try bus.transfer(to: address, write: [Self.controlOfBanks, 0], read: 0)
            try write(.control, 0, on: bus)
            guard try read(.control, on: bus) == 0 else {
                throw HardwareError(.busError, "\(bus.place(address)) is no MCP23017: it does not keep its settings")
            }
        }
        if try read(.polarity, on: bus) != 0 { try write(.polarity, 0, on: bus) }
    }

    // MARK: Drive

    /// Drives a line, which becomes an output; all others stay as they are.
    ///
    /// - Parameter pin: 0 to 7 are GPA0 to GPA7, 8 to 15 are GPB0 to GPB7.
    /// - Throws: `HardwareError` of the bus; then the copy has the new value, and `restore` brings it to the chip.
    public mutating func drive(_ pin: Int, high: Bool, on bus: any I2CBus) throws(HardwareError) {
        set(pin, high: high)
        try restore(on: bus)
    }

    /// Changes the copy alone; `restore` or `recover` brings it to the chip.
    public mutating func set(_ pin: Int, high: Bool) {
        let bit = UInt16(1) << UInt16(pin)
        latches = high ? latches | bit : latches & ~bit
        directions &= ~bit
    }

    /// What the copy drives a pin to; nil for an input.
    public func driven(_ pin: Int) -> Bool? {
        let bit = UInt16(1) << UInt16(pin)
        return directions & bit != 0 ? nil : latches & bit != 0
    }

    /// Writes the copy to the chip: latches, then directions.
    public func restore(on bus: any I2CBus) throws(HardwareError) {
        try write(.latch, latches, on: bus)
        try write(.direction, directions, on: bus)
    }

    /// Lets a line go: an input again, as after power-on.
    public mutating func release(_ pin: Int, on bus: any I2CBus) throws(HardwareError) {
        directions |= UInt16(1) << UInt16(pin)
        try restore(on: bus)
    }

    // MARK: Read

    /// What the chip says of itself, beside the copy.
    public struct Condition: Hashable, Sendable {
        /// The levels at the pins of its outputs, others 0; a pin that is held by something else differs from its latch.
        public let levels: UInt16
        /// It has lost its settings: it was without supply, or somebody else writes to it.
        public let hasLostSettings: Bool
    }

    /// Reads the settings and the pins back.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func condition(on bus: any I2CBus) throws(HardwareError) -> Condition {
        let settings = [try read(.control, on: bus), try read(.polarity, on: bus)]
        let copies = [try read(.direction, on: bus), try read(.latch, on: bus)]
        let port = try read(.port, on: bus)
        return Condition(
            levels: port & ~directions, hasLostSettings: settings != [0, 0] || copies != [directions, latches])
    }

    /// Brings back a chip that was without supply: its layout, then the copy in the safe order.
    public func recover(on bus: any I2CBus) throws(HardwareError) {
        try setUp(on: bus)
        try restore(on: bus)
    }

    /// Both ports as one word, port A in the low byte.
    private func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        let bytes = try bus.transfer(to: address, write: [register.rawValue], read: 2)
        guard bytes.count == 2 else { throw bus.shortAnswer(bytes, wanted: 2, from: address) }
        return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    }

    private func write(_ register: Register, _ word: UInt16, on bus: any I2CBus) throws(HardwareError) {
        _ = try bus.transfer(
            to: address, write: [register.rawValue, UInt8(word & 0xFF), UInt8(word >> 8)], read: 0)
    }
}
