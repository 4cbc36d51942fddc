/// What a DC power monitor of Texas Instruments measures.
public struct PowerMeasurement: Hashable, Sendable {
    /// Ampere; negative when it flows from IN− to IN+.
    public let current: Double
    /// Volt at the bus pin.
    public let voltage: Double
    /// Watt, always positive.
    public let power: Double
}

/// How the INA219 and the INA226 are told of their shunt: the value of the calibration register.
///
/// The register is 0 after power-on, and then current and power are 0 too.
/// Source: Texas Instruments INA219 datasheet SBOS448G, section 8.5.1; INA226 datasheet SBOS547B, section 6.5.1.
struct ShuntCalibration: Hashable, Sendable {
    let word: UInt16
    /// Ampere per bit of the current register.
    let currentStep: Double

    /// `factor / (currentStep × resistance)`, the fraction cut off.
    ///
    /// - Parameter factor: 0.04096 V for the INA219, 0.00512 V for the INA226.
    static func word(currentStep: Double, resistance: Double, factor: Double) -> Double {
        // A quotient that is whole but for the rounding of its decimal numbers must not lose one.
        (factor / (currentStep * resistance) * (1 + 1e-12)).rounded(.down)
    }

    /// The finest step that reaches the largest current.
    ///
    /// - Parameters:
    ///   - maximum: The largest current, in ampere.
    ///   - mask: The bits that the register has.
    init(resistance: Double, maximum: Double, factor: Double, mask: UInt16) {
        let wanted = Self.word(currentStep: maximum / 32768, resistance: resistance, factor: factor)
        word = UInt16(max(2, min(Double(mask), wanted))) & mask
        currentStep = factor / (Double(word) * resistance)
    }
}

extension I2CBus {
    /// Reads a register until a flag is set in it, for at most 400 ms.
    ///
    /// - Throws: `HardwareError` of the bus; `timeout` when the chip does not convert.
    func awaitFlag(
        _ flag: UInt16, in register: UInt8, of address: UInt8, chip: String
    ) throws(HardwareError) -> UInt16 {
        let end = now + .milliseconds(400)
        var word = try readRegister(register, of: address)
        while word & flag == 0 {
            guard now < end else {
                throw HardwareError(.timeout, "the \(chip) at \(place(address)) does not convert: check its supply")
            }
            pause(for: .milliseconds(10))
            word = try readRegister(register, of: address)
        }
        return word
    }

    /// Makes sure that the chip is of Texas Instruments and of a device number, whatever its revision.
    ///
    /// - Throws: `HardwareError` `busError` when another chip answers.
    func checkDevice(_ device: UInt16, of address: UInt8, chip: String) throws(HardwareError) {
        let manufacturer = try readRegister(TexasInstruments.manufacturerRegister, of: address)
        let seen = try readRegister(TexasInstruments.deviceRegister, of: address) & 0xFFF0
        guard manufacturer == TexasInstruments.manufacturer, seen == device else {
            throw HardwareError(
                .busError,
                """
                the chip at \(place(address)) is no \(chip) (manufacturer \(hex(manufacturer, digits: 4)), \
                device \(hex(seen, digits: 4))): check the address in the site file
                """)
        }
    }

    /// The failure of a chip that no longer has the settings it was given.
    func resetMeanwhile(_ chip: String, at address: UInt8) -> HardwareError {
        HardwareError(.busError, "the \(chip) at \(place(address)) was reset during a reading: check its supply")
    }
}

/// Where the newer of these chips say what they are.
enum TexasInstruments {
    static let manufacturerRegister: UInt8 = 0xFE
    static let deviceRegister: UInt8 = 0xFF
    /// "TI".
    static let manufacturer: UInt16 = 0x5449
}
