extension INA260 {
    /// Its registers but the alert limit.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        var values: [RegisterValue] = []
        for (register, name) in Self.names {
            let word = try bus.readRegister(register.rawValue, of: address)
            values.append(RegisterValue(name, register.rawValue, word: word, Self.meaning(of: register, word)))
        }
        return values
    }

    private static let names: [(Register, String)] = [
        (.configuration, "Configuration"), (.current, "Current"), (.voltage, "Bus Voltage"), (.power, "Power"),
        (.mask, "Mask/Enable"), (.manufacturer, "Manufacturer ID"), (.die, "Die ID"),
    ]

    static func meaning(of register: Register, _ word: UInt16) -> String {
        switch register {
        case .configuration: "\(PowerMode.averaging(word)), \(PowerMode.words(word))"
        case .current: decimal(Double(Int16(bitPattern: word)) * 1.25 / 1000, 5, "A")
        case .voltage: decimal(Double(word) * 1.25 / 1000, 5, "V")
        case .power: decimal(Double(word) / 100, 2, "W")
        case .mask: PowerMode.flags(word)
        case .manufacturer: word == TexasInstruments.manufacturer ? "Texas Instruments" : "somebody else"
        case .die: word & 0xFFF0 == device ? "INA260, revision \(word & 0xF)" : "no INA260"
        }
    }
}
