/// INA260: DC current, voltage and power of one load, with a 2 mΩ shunt inside; 0x40…0x4F.
///
/// Source: Texas Instruments INA260 datasheet SBOS656C, section 8.6.
public struct INA260: Hashable, Sendable {
    public let address: UInt8

    public init(address: UInt8) { self.address = address }

    enum Register: UInt8 {
        case configuration = 0x00
        case current = 0x01
        case voltage = 0x02
        case power = 0x03
        case mask = 0x06
        case manufacturer = 0xFE
        case die = 0xFF
    }

    /// Continuous current and voltage, 1.1 ms each, mean of 64: one result every 141 ms.
    ///
    /// The reset value 0x6127 with AVG = 011, so that a chip that lost its supply is seen.
    static let configuration: UInt16 = 0x6727
    /// "TI".
    static let manufacturer: UInt16 = 0x5449
    /// The device, without the four bits of revision.
    static let device: UInt16 = 0x2270
    /// Bits of the mask register.
    static let conversionReady: UInt16 = 1 << 3
    static let mathOverflow: UInt16 = 1 << 2

    public struct Measurement: Hashable, Sendable {
        /// Ampere; negative when it flows from IN− to IN+.
        public let current: Double
        /// Volt at the bus pin.
        public let voltage: Double
        /// Watt, always positive.
        public let power: Double
    }

    // MARK: Convert

    /// 1.25 mA, 1.25 mV and 10 mW per bit.
    public static func measurement(current: UInt16, voltage: UInt16, power: UInt16) -> Measurement {
        Measurement(
            current: Double(Int16(bitPattern: current)) * 1.25 / 1000, voltage: Double(voltage) * 1.25 / 1000,
            power: Double(power) / 100)
    }

    // MARK: Read

    /// Reads the mean of the last 141 ms; sets the chip up first when it was just plugged in.
    ///
    /// - Throws: `HardwareError` of the bus; `outOfRange` on overflow; `busError` when it is another chip.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> Measurement {
        try identify(on: bus)
        if try read(.configuration, on: bus) != Self.configuration {
            try bus.writeRegister(Register.configuration.rawValue, of: address, Self.configuration)
            // Reading the mask clears the flag of a conversion before the set-up.
            _ = try read(.mask, on: bus)
        }
        // Ready comes again 141 ms after each read of the mask; a slow reader finds it set.
        let end = bus.now + .milliseconds(400)
        var mask = try read(.mask, on: bus)
        while mask & Self.conversionReady == 0 {
            guard bus.now < end else {
                throw HardwareError(.timeout, "the INA260 at \(bus.place(address)) does not convert: check its supply")
            }
            bus.pause(for: .milliseconds(10))
            mask = try read(.mask, on: bus)
        }
        guard mask & Self.mathOverflow == 0 else {
            throw HardwareError(.outOfRange, "the load of the INA260 at \(bus.place(address)) is beyond its range")
        }
        let measurement = Self.measurement(
            current: try read(.current, on: bus), voltage: try read(.voltage, on: bus), power: try read(.power, on: bus)
        )
        guard try read(.configuration, on: bus) == Self.configuration else {
            throw HardwareError(
                .busError, "the INA260 at \(bus.place(address)) was reset during a reading: check its supply")
        }
        return measurement
    }

    // MARK: Identify

    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        let manufacturer = try read(.manufacturer, on: bus)
        let device = try read(.die, on: bus) & 0xFFF0
        guard manufacturer == Self.manufacturer, device == Self.device else {
            throw HardwareError(
                .busError,
                """
                the chip at \(bus.place(address)) is no INA260 (manufacturer \(hex(manufacturer, digits: 4)), \
                device \(hex(device, digits: 4))): check the address in the site file
                """)
        }
    }

    private func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        try bus.readRegister(register.rawValue, of: address)
    }
}
