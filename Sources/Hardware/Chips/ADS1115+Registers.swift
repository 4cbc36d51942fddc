extension ADS1115 {
    /// Its four registers.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        let conversion = try read(.conversion, on: bus)
        let configuration = try read(.configuration, on: bus)
        let low = try read(.lowThreshold, on: bus)
        let high = try read(.highThreshold, on: bus)
        return [
            RegisterValue(
                "Conversion", 0, word: conversion, Self.meaning(ofConversion: conversion, under: configuration)),
            RegisterValue("Config", 1, word: configuration, Self.meaning(ofConfiguration: configuration)),
            RegisterValue("Lo_thresh", 2, word: low, low == 0x8000 ? "as after power-on" : "set by somebody"),
            RegisterValue("Hi_thresh", 3, word: high, high == 0x7FFF ? "as after power-on" : "set by somebody"),
        ]
    }

    static func meaning(ofConversion word: UInt16, under configuration: UInt16) -> String {
        decimal(volts(code: Int16(bitPattern: word), range: range(of: configuration)), 6, "V")
    }

    /// `AIN1-GND, ±4.096 V, 128 samples/s, single-shot, idle`.
    static func meaning(ofConfiguration word: UInt16) -> String {
        let inputs = [
            "AIN0-AIN1", "AIN0-AIN3", "AIN1-AIN3", "AIN2-AIN3", "AIN0-GND", "AIN1-GND", "AIN2-GND", "AIN3-GND",
        ]
        let rate = Rate(rawValue: word >> 5 & 0b111)?.samplesPerSecond ?? 0
        return [
            inputs[Int(word >> 12 & 0b111)], "±\(range(of: word).fullScale) V", "\(Int(rate)) samples/s",
            word & 1 << 8 == 0 ? "continuous" : "single-shot", word & idle == 0 ? "converting" : "idle",
            word & 0b11 == 0b11 ? "comparator off" : "comparator on",
        ].joined(separator: ", ")
    }

    /// PGA 110 and 111 are ±0.256 V too.
    private static func range(of configuration: UInt16) -> Range {
        Range(rawValue: min(5, configuration >> 9 & 0b111)) ?? .volts2048
    }
}
