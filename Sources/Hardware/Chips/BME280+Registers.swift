extension BME280 {
    /// Its registers, the coefficients as two blocks.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        var values: [RegisterValue] = []
        for (register, name, count) in Self.blocks {
            let bytes = try bus.transfer(to: address, write: [register.rawValue], read: count)
            guard bytes.count == count else { throw bus.shortAnswer(bytes, wanted: count, from: address) }
            values.append(RegisterValue(name, register.rawValue, bytes, Self.meaning(of: register, bytes)))
        }
        return values
    }

    private static let blocks: [(Register, String, Int)] = [
        (.identity, "id", 1), (.status, "status", 1), (.humidityControl, "ctrl_hum", 1), (.control, "ctrl_meas", 1),
        (.filter, "config", 1), (.data, "press, temp, hum", 8), (.calibration, "calib00..25", 26),
        (.humidityCalibration, "calib26..32", 7),
    ]

    /// - Parameter bytes: As many as the register's block has.
    static func meaning(of register: Register, _ bytes: [UInt8]) -> String {
        switch register {
        case .identity:
            return bytes[0] == identity ? "BME280" : "no BME280"
        case .status:
            let flags = [(measuring, "measuring"), (loading, "loading its coefficients")]
            let set = flags.filter { bytes[0] & $0.0 != 0 }.map(\.1)
            return set.isEmpty ? "idle" : set.joined(separator: ", ")
        case .humidityControl:
            return "humidity \(oversampling(bytes[0]))"
        case .control:
            let mode = ["asleep", "measuring once", "measuring once", "measuring continuously"][Int(bytes[0] & mode)]
            return "temperature \(oversampling(bytes[0] >> 5)), pressure \(oversampling(bytes[0] >> 2)), \(mode)"
        case .filter:
            return bytes[0] >> 2 & 0b111 == 0 ? "filter off" : "filter on"
        case .data:
            let pressure = Int(bytes[0]) << 12 | Int(bytes[1]) << 4 | Int(bytes[2]) >> 4
            let temperature = Int(bytes[3]) << 12 | Int(bytes[4]) << 4 | Int(bytes[5]) >> 4
            let isEmpty = (pressure, temperature) == (0x80000, 0x80000)
            return isEmpty
                ? "nothing measured yet" : "raw \(pressure), \(temperature), \(Int(bytes[6]) << 8 | Int(bytes[7]))"
        case .calibration: return "dig_T1..dig_H1, this chip's own"
        case .humidityCalibration: return "dig_H2..dig_H6, this chip's own"
        }
    }

    private static func oversampling(_ bits: UInt8) -> String {
        ["left out", "x1", "x2", "x4", "x8", "x16", "x16", "x16"][Int(bits & 0b111)]
    }
}
