extension INA226 {
    /// Its registers but the alert limit; current and power by the shunt that is declared.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        var values: [RegisterValue] = []
        for (register, name) in Self.names {
            let word = try bus.readRegister(register.rawValue, of: address)
            values.append(RegisterValue(name, register.rawValue, word: word, meaning(of: register, word)))
        }
        return values
    }

    private static let names: [(Register, String)] = [
        (.configuration, "Configuration"), (.shunt, "Shunt Voltage"), (.voltage, "Bus Voltage"), (.power, "Power"),
        (.current, "Current"), (.calibration, "Calibration"), (.mask, "Mask/Enable"),
        (.manufacturer, "Manufacturer ID"), (.die, "Die ID"),
    ]

    func meaning(of register: Register, _ word: UInt16) -> String {
        let step = calibration.currentStep
        switch register {
        case .configuration: return "\(PowerMode.averaging(word)), \(PowerMode.words(word))"
        case .shunt: return decimal(Double(Int16(bitPattern: word)) * 0.0025, 4, "mV")
        case .voltage: return decimal(Double(word) * 1.25 / 1000, 5, "V")
        case .power: return decimal(Double(word) * 25 * step, 4, "W")
        case .current: return decimal(Double(Int16(bitPattern: word)) * step, 5, "A")
        case .calibration: return PowerMode.calibration(word, wanted: calibration.word)
        case .mask: return PowerMode.flags(word)
        case .manufacturer: return word == TexasInstruments.manufacturer ? "Texas Instruments" : "somebody else"
        case .die: return word & 0xFFF0 == Self.device ? "INA226, revision \(word & 0xF)" : "no INA226"
        }
    }
}
