/// AHT10 thermometer and hygrometer; 0x38, or 0x39 with its address pin high.
///
/// Its answer has no checksum. So the busy and calibration bits are looked at, and each measurement is read twice: the
/// chip keeps it until the next one, and a bit that the wires turned over is seldom turned over again.
/// Source: ASAIR AHT10 datasheet (2018), tables 9 and 10, section 5; kernel drivers/hwmon/aht10.c.
public struct AHT10: Hashable, Sendable {
    static let initialise: [UInt8] = [0xE1, 0x08, 0x00]

    private let chip: AHT

    public init(address: UInt8) {
        // The kernel waits 350 ms after the command; the status tells when it is enough.
        chip = AHT(
            name: "AHT10", address: address, initialise: Self.initialise, calibrationTime: .milliseconds(350),
            status: [])
    }

    // MARK: Convert

    /// Six bytes: status, 20 bits of humidity, 20 bits of temperature.
    ///
    /// - Throws: `HardwareError`: `outOfRange` (−40…85 °C), `busError` when it is no measurement.
    public static func measurement(from bytes: [UInt8]) throws(HardwareError) -> AirMeasurement {
        guard bytes.count == 6 else {
            throw HardwareError(.busError, "the AHT10 sent \(bytes.count) bytes instead of 6")
        }
        return try AHT.measurement(from: bytes, of: "AHT10")
    }

    // MARK: Read

    /// Calibrates when the chip asks for it (it was just plugged in), measures, and reads twice: about 80 ms.
    ///
    /// - Throws: `HardwareError` of the bus or the value; `badChecksum` when the second answer is not the first.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> AirMeasurement {
        try chip.convert(on: bus)
        let bytes = try chip.read(6, on: bus)
        let measurement = try Self.measurement(from: bytes)
        guard try chip.read(6, on: bus) == bytes else {
            throw HardwareError(
                .badChecksum, "the AHT10 sent one measurement in two ways: check its wires and their length")
        }
        return measurement
    }

    /// Its last answer in parts; it has no registers.
    ///
    /// - Throws: `HardwareError` of the bus.
    public func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        try chip.registers(6, on: bus)
    }

    // MARK: Identify

    /// Makes sure that the chip calibrates as an AHT10 does; it has no identity register.
    ///
    /// - Throws: `HardwareError`; `busError` when it does not take its calibration.
    public func prepare(on bus: any I2CBus) throws(HardwareError) { try chip.prepare(on: bus) }
}
