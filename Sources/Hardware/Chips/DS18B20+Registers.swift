extension DS18B20 {
    /// The scratchpad, after a conversion.
    ///
    /// - Throws: `HardwareError` when it does not answer with a valid scratchpad.
    public func registers(on bus: any OneWireBus) throws(HardwareError) -> [RegisterValue] {
        Self.registers(of: try scratchpad(on: bus))
    }

    static func registers(of scratchpad: Scratchpad) -> [RegisterValue] {
        let bytes = scratchpad.bytes
        let celsius = celsius(raw: scratchpad.raw, resolution: scratchpad.resolution)
        return [
            RegisterValue(
                "Temperature", 0, Array(bytes[0...1]),
                decimal(celsius, 4, "°C") + (scratchpad.isPowerOnValue ? ", the power-on value" : "")),
            RegisterValue("TH", 2, [bytes[2]], "alarm above \(Int8(bitPattern: bytes[2])) °C, or user byte"),
            RegisterValue("TL", 3, [bytes[3]], "alarm below \(Int8(bitPattern: bytes[3])) °C, or user byte"),
            RegisterValue("Configuration", 4, [bytes[4]], "\(scratchpad.resolution) bits"),
            RegisterValue("Reserved", 5, Array(bytes[5...7]), "after a conversion 0xff, 0x10 less the low bits, 0x10"),
            RegisterValue("CRC", 8, [bytes[8]], "right"),
        ]
    }
}
