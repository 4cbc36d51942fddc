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
    /// The device, without the four bits of revision.
    static let device: UInt16 = 0x2270
    /// Bits of the mask register.
    static let conversionReady: UInt16 = 1 << 3
    static let mathOverflow: UInt16 = 1 << 2

    // MARK: Convert

    /// 1.25 mA, 1.25 mV and 10 mW per bit.
    public static func measurement(current: UInt16, voltage: UInt16, power: UInt16) -> PowerMeasurement {
        PowerMeasurement(
            current: Double(Int16(bitPattern: current)) * 1.25 / 1000, voltage: Double(voltage) * 1.25 / 1000,
            power: Double(power) / 100)
    }

    // MARK: Read

    /// Reads the mean of the last 141 ms; sets the chip up first when it was just plugged in.
    ///
    /// - Throws: `HardwareError` of the bus; `outOfRange` on overflow; `busError` when it is another chip.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> PowerMeasurement {
        try identify(on: bus)
        if try read(.configuration, on: bus) != Self.configuration {
            try bus.writeRegister(Register.configuration.rawValue, of: address, Self.configuration)
            // Reading the mask clears the flag of a conversion before the set-up.
            _ = try read(.mask, on: bus)
        }
        // Ready comes again 141 ms after each read of the mask; a slow reader finds it set.
        let mask = try bus.awaitFlag(Self.conversionReady, in: Register.mask.rawValue, of: address, chip: "INA260")
        guard mask & Self.mathOverflow == 0 else {
            throw HardwareError(.outOfRange, "the load of the INA260 at \(bus.place(address)) is beyond its range")
        }
        let measurement = Self.measurement(
            current: try read(.current, on: bus), voltage: try read(.voltage, on: bus), power: try read(.power, on: bus)
        )
        guard try read(.configuration, on: bus) == Self.configuration else {
            throw bus.resetMeanwhile("INA260", at: address)
        }
        return measurement
    }

    // MARK: Identify

    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        try bus.checkDevice(Self.device, of: address, chip: "INA260")
    }

    private func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        try bus.readRegister(register.rawValue, of: address)
    }
}
