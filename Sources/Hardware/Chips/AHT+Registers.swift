extension AHT {
    /// What it answers last: it has no registers.
    ///
    /// - Parameter count: Bytes of its answer, the checksum included.
    func registers(_ count: Int, on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        let bytes = try read(count, on: bus)
        return Self.registers(of: bytes)
    }

    /// - Parameter bytes: Six, or seven with a checksum.
    static func registers(of bytes: [UInt8]) -> [RegisterValue] {
        let humidity = Int(bytes[1]) << 12 | Int(bytes[2]) << 4 | Int(bytes[3]) >> 4
        let temperature = Int(bytes[3] & 0x0F) << 16 | Int(bytes[4]) << 8 | Int(bytes[5])
        let steps = Double(1 << 20)
        var values = [
            RegisterValue("Status", nil, [bytes[0]], meaning(ofStatus: bytes[0])),
            RegisterValue(
                "Humidity", nil, Array(bytes[1...3]),
                decimal(Double(humidity) / steps * 100, 3, "%") + " (first 20 bits)"),
            RegisterValue(
                "Temperature", nil, Array(bytes[3...5]),
                decimal(Double(temperature) / steps * 200 - 50, 3, "°C") + " (last 20 bits)"),
        ]
        if bytes.count > 6 {
            let isRight = CRC8.aosong(bytes.prefix(6)) == bytes[6]
            values.append(RegisterValue("CRC", nil, [bytes[6]], isRight ? "right" : "wrong"))
        }
        return values
    }

    static func meaning(ofStatus byte: UInt8) -> String {
        (byte & Status.busy == 0 ? "idle" : "measuring")
            + (byte & Status.calibrated == 0 ? ", not calibrated" : ", calibrated")
    }
}
