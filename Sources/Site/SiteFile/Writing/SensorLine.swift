extension SensorConfiguration {
    /// The entry as one line of a site file, ready to stand below `sensors:`; what is a default is left out.
    ///
    /// `- { id: air, chip: aht20, bus: 1, address: 0x38 }`
    public var line: String {
        let plain = SensorConfiguration(id: id, chip: chip)
        var parts = ["id: \(id)"]
        if name != id { parts.append("name: \(PlainTree.text(name).scalar)") }
        parts.append("chip: \(chip.word)")
        parts += chip.lineParts
        if interval != plain.interval { parts.append("interval: \(interval.siteText)") }
        if !isEnabled { parts.append("enabled: false") }
        if calibration != plain.calibration {
            let (gain, offset) = (DecimalText.text(calibration.gain), DecimalText.text(calibration.offset))
            parts.append("calibration: { gain: \(gain), offset: \(offset) }")
        }
        return "- { \(parts.joined(separator: ", ")) }"
    }
}

extension SensorChip {
    /// The chip as the site file calls it: `ads1115`.
    public var word: String { kind.rawValue }

    /// Where it sits and how it is wired, as `key: value`.
    fileprivate var lineParts: [String] {
        switch self {
        case .ds18b20(let address): ["address: \(address)"]
        case .aht20(let location), .aht10(let location), .bme280(let location), .ina260(let location):
            location.lineParts
        case .ina219(let location, let shunt), .ina226(let location, let shunt):
            location.lineParts + [
                "shunt: \(DecimalText.text(shunt.resistance))", "max_current: \(DecimalText.text(shunt.maximum))",
            ]
        case .ads1115(let location, let channel): location.lineParts + channel.lineParts
        }
    }
}

extension I2CLocation {
    fileprivate var lineParts: [String] { ["bus: \(bus)", "address: \(addressText)"] }
}

extension ADS1115Channel {
    fileprivate var lineParts: [String] {
        let supply = vdd == 3.3 ? [] : ["vdd: \(DecimalText.text(vdd))"]
        return ["input: \(input.rawValue)", "range: \(DecimalText.text(range))"] + supply + [mode.linePart]
    }
}

extension ADS1115Channel.Mode {
    fileprivate var linePart: String {
        switch self {
        case .direct(let scale, let unit):
            return "scale: \(DecimalText.text(scale)), unit: \(PlainTree.text(unit.rawValue).scalar)"
        case .clamp(let clamp):
            var parts = ["turns: \(DecimalText.text(clamp.turns))", "burden: \(DecimalText.text(clamp.burden))"]
            if clamp.passes != 1 { parts.append("passes: \(DecimalText.text(clamp.passes))") }
            if let supply = clamp.supply { parts.append("supply: \(DecimalText.text(supply))") }
            return "clamp: { \(parts.joined(separator: ", ")) }"
        }
    }
}
