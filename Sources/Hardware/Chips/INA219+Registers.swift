extension INA219 {
    /// Its six registers; current and power by the shunt that is declared.
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
        (.current, "Current"), (.calibration, "Calibration"),
    ]

    func meaning(of register: Register, _ word: UInt16) -> String {
        let step = calibration.currentStep
        switch register {
        case .configuration:
            let gain = Gain(rawValue: word >> 11 & 0b11)?.fullScale ?? 0
            let state =
                word == Self.resetConfiguration
                ? ", as after power-on" : word == configuration ? ", as picli sets it" : ""
            return [
                word & 1 << 13 == 0 ? "16 V" : "32 V", "±\(Int((gain * 1000).rounded())) mV over the shunt",
                "bus ADC \(hex(word >> 7 & 0xF, digits: 1))", "shunt ADC \(hex(word >> 3 & 0xF, digits: 1))",
                PowerMode.words(word),
            ].joined(separator: ", ") + state
        case .shunt: return decimal(Double(Int16(bitPattern: word)) / 100, 2, "mV")
        case .voltage:
            return decimal(Double(word >> 3) * 4 / 1000, 3, "V")
                + (word & Self.conversionReady == 0 ? ", not ready" : ", ready")
                + (word & Self.mathOverflow == 0 ? "" : ", overflow")
        case .power: return decimal(Double(word) * 20 * step, 4, "W")
        case .current: return decimal(Double(Int16(bitPattern: word)) * step, 5, "A")
        case .calibration: return PowerMode.calibration(word, wanted: calibration.word)
        }
    }
}

/// Words that the registers of all these monitors have in common.
enum PowerMode {
    /// MODE, bits 2…0 of the configuration.
    static func words(_ configuration: UInt16) -> String {
        let what = ["nothing", "current", "voltage", "current and voltage"][Int(configuration & 0b11)]
        let isContinuous = configuration & 0b100 != 0
        return configuration & 0b11 == 0 ? "asleep" : "\(what) \(isContinuous ? "continuously" : "once")"
    }

    static func calibration(_ word: UInt16, wanted: UInt16) -> String {
        if word == 0 { return "not calibrated: power and current are 0" }
        return word == wanted ? "that of the declared shunt" : "of another shunt or maximum than declared"
    }

    /// AVG and the conversion times of an INA226 or INA260.
    static func averaging(_ configuration: UInt16) -> String {
        let counts = [1, 4, 16, 64, 128, 256, 512, 1024]
        let count = counts[Int(configuration >> 9 & 0b111)]
        return count == 1 ? "no mean" : "mean of \(count)"
    }

    /// The flags of a mask register.
    static func flags(_ mask: UInt16) -> String {
        let names: [(UInt16, String)] = [(1 << 3, "ready"), (1 << 2, "overflow"), (1 << 4, "alert")]
        let set = names.filter { mask & $0.0 != 0 }.map(\.1)
        return set.isEmpty ? "not ready" : set.joined(separator: ", ")
    }
}
