/// AHT20 thermometer and hygrometer, always at 0x38.
///
/// Source: ASAIR AHT20 datasheet V1.0.03, section 5; kernel drivers/hwmon/aht10.c.
public struct AHT20: Hashable, Sendable {
    public static let defaultAddress: UInt8 = 0x38
    static let initialise: [UInt8] = [0xBE, 0x08, 0x00]
    static let status: [UInt8] = [0x71]

    private let chip: AHT

    public init(address: UInt8 = defaultAddress) {
        chip = AHT(
            name: "AHT20", address: address, initialise: Self.initialise, calibrationTime: .milliseconds(10),
            status: Self.status)
    }

    // MARK: Convert

    /// Seven bytes: status, 20 bits of humidity, 20 bits of temperature, checksum.
    ///
    /// - Throws: `HardwareError`: `badChecksum`, `outOfRange` (−40…85 °C), `busError` when it is no measurement.
    public static func measurement(from bytes: [UInt8]) throws(HardwareError) -> AirMeasurement {
        guard bytes.count == 7 else {
            throw HardwareError(.busError, "the AHT20 sent \(bytes.count) bytes instead of 7")
        }
        guard CRC8.aosong(bytes.prefix(6)) == bytes[6] else {
            throw HardwareError(.badChecksum, "the answer of the AHT20 is damaged: check its wires and their length")
        }
        return try AHT.measurement(from: bytes, of: "AHT20")
    }

    // MARK: Read

    /// Calibrates when the chip asks for it (it was just plugged in), measures, and reads: about 80 ms.
    ///
    /// - Throws: `HardwareError` of the bus, the checksum or the value.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> AirMeasurement {
        try chip.convert(on: bus)
        return try Self.measurement(from: chip.read(7, on: bus))
    }

    /// Its last answer in parts; it has no registers.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        try chip.registers(7, on: bus)
    }

    // MARK: Identify

    /// Makes sure that an AHT20 is there and calibrated; the chip has no identity register.
    ///
    /// - Throws: `HardwareError`; `busError` when it does not take its calibration.
    public func prepare(on bus: any I2CBus) throws(HardwareError) { try chip.prepare(on: bus) }
}
