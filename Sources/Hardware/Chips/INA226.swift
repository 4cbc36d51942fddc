/// INA226: DC current over a shunt of the owner's, voltage and power; 0x40…0x4F.
///
/// Source: Texas Instruments INA226 datasheet SBOS547B, sections 6.5 and 7.1.
public struct INA226: Hashable, Sendable {
    public let address: UInt8
    let calibration: ShuntCalibration

    /// - Parameters:
    ///   - shunt: Its resistance in ohm.
    ///   - maximum: The largest current that must be measured, in ampere.
    /// - Throws: `HardwareError` `outOfRange` when that current is more than 81.92 mV over the shunt.
    public init(address: UInt8, shunt: Double, maximum: Double) throws(HardwareError) {
        let drop = shunt * maximum
        guard drop > 0, drop <= Self.fullScale * (1 + 1e-9) else {
            throw HardwareError(
                .outOfRange,
                """
                \(maximum) A over a shunt of \(shunt) Ω are \(drop) V, and an INA226 measures up to \
                \(Self.fullScale) V: take a smaller shunt, or correct max_current
                """)
        }
        self.address = address
        calibration = ShuntCalibration(resistance: shunt, maximum: maximum, factor: Self.factor, mask: 0x7FFF)
    }

    enum Register: UInt8 {
        case configuration = 0x00
        case shunt = 0x01
        case voltage = 0x02
        case power = 0x03
        case current = 0x04
        case calibration = 0x05
        case mask = 0x06
        case manufacturer = 0xFE
        case die = 0xFF
    }

    /// Volts over the shunt: 32768 × 2.5 µV.
    static let fullScale = 0.08192
    /// Internal constant of the calibration, in volts (equation 1).
    static let factor = 0.00512
    /// Continuous shunt and bus voltage, 1.1 ms each, mean of 64: one result every 141 ms.
    ///
    /// The reset value 0x4127 with AVG = 011, so that a chip that lost its supply is seen.
    static let configuration: UInt16 = 0x4727
    /// The device, without the four bits of revision.
    static let device: UInt16 = 0x2260
    /// Bits of the mask register.
    static let conversionReady: UInt16 = 1 << 3
    static let mathOverflow: UInt16 = 1 << 2

    // MARK: Convert

    /// 1.25 mV per bit; 25 times the current's step for the power.
    public static func measurement(
        current: UInt16, voltage: UInt16, power: UInt16, currentStep: Double
    ) -> PowerMeasurement {
        PowerMeasurement(
            current: Double(Int16(bitPattern: current)) * currentStep, voltage: Double(voltage) * 1.25 / 1000,
            power: Double(power) * 25 * currentStep)
    }

    // MARK: Read

    /// Reads the mean of the last 141 ms; sets the chip up first when it was just plugged in.
    ///
    /// - Throws: `HardwareError` of the bus; `outOfRange`; `busError` when it is another chip, or was reset meanwhile.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> PowerMeasurement {
        try identify(on: bus)
        if try !isSetUp(on: bus) {
            try write(calibration.word, to: .calibration, on: bus)
            try write(Self.configuration, to: .configuration, on: bus)
            // Reading the mask clears the flag of a conversion before the set-up.
            _ = try read(.mask, on: bus)
        }
        // Ready comes again 141 ms after each read of the mask; a slow reader finds it set.
        let mask = try bus.awaitFlag(Self.conversionReady, in: Register.mask.rawValue, of: address, chip: "INA226")
        let shunt = Int16(bitPattern: try read(.shunt, on: bus))
        let measurement = Self.measurement(
            current: try read(.current, on: bus), voltage: try read(.voltage, on: bus),
            power: try read(.power, on: bus), currentStep: calibration.currentStep)
        // After a reset the calibration is 0, and so are current and power.
        guard try isSetUp(on: bus) else { throw bus.resetMeanwhile("INA226", at: address) }
        guard mask & Self.mathOverflow == 0, shunt != .max, shunt != .min else {
            throw HardwareError(
                .outOfRange,
                """
                the current over the shunt of the INA226 at \(bus.place(address)) is beyond its range: \
                raise max_current in the site file, or take a smaller shunt
                """)
        }
        return measurement
    }

    private func isSetUp(on bus: any I2CBus) throws(HardwareError) -> Bool {
        guard try read(.configuration, on: bus) == Self.configuration else { return false }
        return try read(.calibration, on: bus) == calibration.word
    }

    // MARK: Identify

    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        try bus.checkDevice(Self.device, of: address, chip: "INA226")
    }

    private func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        try bus.readRegister(register.rawValue, of: address)
    }

    private func write(_ word: UInt16, to register: Register, on bus: any I2CBus) throws(HardwareError) {
        try bus.writeRegister(register.rawValue, of: address, word)
    }
}
