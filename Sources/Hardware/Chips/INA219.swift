/// INA219: DC current over a shunt of the owner's, voltage and power; 0x40…0x4F.
///
/// It has no identity register and no checksum: what is written is read back instead.
/// Source: Texas Instruments INA219 datasheet SBOS448G, sections 8.5 and 8.6.
public struct INA219: Hashable, Sendable {
    public let address: UInt8
    let gain: Gain
    let calibration: ShuntCalibration

    /// - Parameters:
    ///   - shunt: Its resistance in ohm.
    ///   - maximum: The largest current that must be measured, in ampere.
    /// - Throws: `HardwareError` `outOfRange` when that current is more than 320 mV over the shunt.
    public init(address: UInt8, shunt: Double, maximum: Double) throws(HardwareError) {
        let drop = shunt * maximum
        guard drop > 0, let gain = Gain.allCases.first(where: { drop <= $0.fullScale * (1 + 1e-9) }) else {
            throw HardwareError(
                .outOfRange,
                """
                \(maximum) A over a shunt of \(shunt) Ω are \(drop) V, and an INA219 measures up to 0.32 V: \
                take a smaller shunt, or correct max_current
                """)
        }
        self.address = address
        self.gain = gain
        calibration = ShuntCalibration(resistance: shunt, maximum: maximum, factor: Self.factor, mask: 0xFFFE)
    }

    enum Register: UInt8 {
        case configuration = 0
        case shunt = 1
        case voltage = 2
        case power = 3
        case current = 4
        case calibration = 5
    }

    /// The range of the shunt voltage; the raw value is PG, bits 12…11.
    enum Gain: UInt16, CaseIterable {
        case millivolts40
        case millivolts80
        case millivolts160
        case millivolts320

        /// In volts.
        var fullScale: Double { Double(limit) * 1e-5 }
        /// The code at which the converter is at its end, at 10 µV per bit.
        var limit: Int { 4000 << Int(rawValue) }
    }

    /// Internal constant of the calibration, in volts (equation 1).
    static let factor = 0.04096
    static let reset: UInt16 = 1 << 15
    /// The configuration after a reset; bit 14 is 1 in the chips that resemble this one.
    static let resetConfiguration: UInt16 = 0x399F
    /// Bits of the voltage register.
    static let conversionReady: UInt16 = 1 << 1
    static let mathOverflow: UInt16 = 1

    /// 32 V at the bus pin, shunt and bus the mean of 128 each, continuously: one result every 136 ms.
    var configuration: UInt16 { 1 << 13 | gain.rawValue << 11 | 0b1111 << 7 | 0b1111 << 3 | 0b111 }

    // MARK: Convert

    /// 4 mV per bit from bit 3 on; 20 times the current's step for the power.
    public static func measurement(
        current: UInt16, voltage: UInt16, power: UInt16, currentStep: Double
    ) -> PowerMeasurement {
        PowerMeasurement(
            current: Double(Int16(bitPattern: current)) * currentStep, voltage: Double(voltage >> 3) * 4 / 1000,
            power: Double(power) * 20 * currentStep)
    }

    // MARK: Read

    /// Reads the mean of the last 136 ms; sets the chip up first when it was just plugged in.
    ///
    /// - Throws: `HardwareError` of the bus; `outOfRange`; `busError` when it is another chip, or was reset meanwhile.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> PowerMeasurement {
        try identify(on: bus)
        if try !isSetUp(on: bus) {
            // The configuration last: it clears the flag of a conversion before.
            try write(calibration.word, to: .calibration, on: bus)
            try write(configuration, to: .configuration, on: bus)
        }
        let voltage = try bus.awaitFlag(
            Self.conversionReady, in: Register.voltage.rawValue, of: address, chip: "INA219")
        let shunt = try read(.shunt, on: bus)
        let current = try read(.current, on: bus)
        // Reading the power clears the flag.
        let power = try read(.power, on: bus)
        // After a reset the calibration is 0, and so are current and power.
        guard try isSetUp(on: bus) else { throw bus.resetMeanwhile("INA219", at: address) }
        guard voltage & Self.mathOverflow == 0, abs(Int(Int16(bitPattern: shunt))) < gain.limit else {
            throw HardwareError(
                .outOfRange,
                """
                the current over the shunt of the INA219 at \(bus.place(address)) is beyond its range: \
                raise max_current in the site file, or take a smaller shunt
                """)
        }
        return Self.measurement(
            current: current, voltage: voltage, power: power, currentStep: calibration.currentStep)
    }

    private func isSetUp(on bus: any I2CBus) throws(HardwareError) -> Bool {
        guard try read(.configuration, on: bus) == configuration else { return false }
        return try read(.calibration, on: bus) == calibration.word
    }

    // MARK: Identify

    /// Makes sure that an INA219 is there, by the configuration that it has after power-on.
    ///
    /// A chip that another program has set up is reset; a chip that says it is another one is not written to.
    ///
    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        let seen = try read(.configuration, on: bus)
        guard seen != configuration, seen != Self.resetConfiguration else { return }
        if try bus.readRegister(TexasInstruments.manufacturerRegister, of: address) == TexasInstruments.manufacturer {
            throw HardwareError(
                .busError,
                "the chip at \(bus.place(address)) is no INA219 but an INA226, INA260 or the like: correct the site file"
            )
        }
        try write(Self.reset, to: .configuration, on: bus)
        let after = try read(.configuration, on: bus)
        guard after == Self.resetConfiguration else {
            throw HardwareError(
                .busError,
                """
                the chip at \(bus.place(address)) is no INA219 (configuration \(hex(after, digits: 4)) after a reset \
                instead of \(hex(Self.resetConfiguration, digits: 4))): check the address in the site file
                """)
        }
    }

    private func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        try bus.readRegister(register.rawValue, of: address)
    }

    private func write(_ word: UInt16, to register: Register, on bus: any I2CBus) throws(HardwareError) {
        try bus.writeRegister(register.rawValue, of: address, word)
    }
}
