/// AHT20 thermometer and hygrometer, always at 0x38.
///
/// Source: ASAIR AHT20 datasheet V1.0.03, section 5; kernel drivers/hwmon/aht10.c.
public struct AHT20: Hashable, Sendable {
    public static let defaultAddress: UInt8 = 0x38
    public let address: UInt8

    public init(address: UInt8 = defaultAddress) { self.address = address }

    enum Command {
        static let status: [UInt8] = [0x71]
        /// Loads the calibration; needed after power-on when the status says so.
        static let initialise: [UInt8] = [0xBE, 0x08, 0x00]
        static let measure: [UInt8] = [0xAC, 0x33, 0x00]
    }

    /// Bits of the status byte.
    enum Status {
        static let busy: UInt8 = 0x80
        static let calibrated: UInt8 = 0x08
    }

    public struct Measurement: Hashable, Sendable {
        /// °C.
        public let temperature: Double
        /// Percent relative humidity.
        public let humidity: Double
    }

    // MARK: Convert

    /// Seven bytes: status, 20 bits of humidity, 20 bits of temperature, checksum.
    ///
    /// - Throws: `HardwareError`: `badChecksum`, `outOfRange` (−40…85 °C), `busError` when it is no measurement.
    public static func measurement(from bytes: [UInt8]) throws(HardwareError) -> Measurement {
        guard bytes.count == 7 else {
            throw HardwareError(.busError, "the AHT20 sent \(bytes.count) bytes instead of 7")
        }
        guard CRC8.aosong(bytes.prefix(6)) == bytes[6] else {
            throw HardwareError(.badChecksum, "the answer of the AHT20 is damaged: check its wires and their length")
        }
        guard bytes[0] & Status.busy == 0 else {
            throw HardwareError(.timeout, "the AHT20 did not end its measurement")
        }
        guard bytes[0] & Status.calibrated != 0 else {
            throw HardwareError(.busError, "the AHT20 lost its calibration during the measurement: check its supply")
        }
        let rawHumidity = Int(bytes[1]) << 12 | Int(bytes[2]) << 4 | Int(bytes[3]) >> 4
        let rawTemperature = Int(bytes[3] & 0x0F) << 16 | Int(bytes[4]) << 8 | Int(bytes[5])
        let steps = Double(1 << 20)
        let temperature = Double(rawTemperature) / steps * 200 - 50
        guard (-40...85).contains(temperature) else {
            throw HardwareError(.outOfRange, "\(temperature) °C is outside of what an AHT20 measures (−40…85 °C)")
        }
        return Measurement(temperature: temperature, humidity: Double(rawHumidity) / steps * 100)
    }

    // MARK: Read

    /// Calibrates when the chip asks for it (it was just plugged in), measures, and reads: about 80 ms.
    ///
    /// - Throws: `HardwareError` of the bus, the checksum or the value.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> Measurement {
        try prepare(on: bus)
        _ = try bus.transfer(to: address, write: Command.measure, read: 0)
        // 80 ms by the datasheet; polled, because the chip also answers while it is busy.
        let end = bus.now + .milliseconds(200)
        bus.pause(for: .milliseconds(70))
        while try status(on: bus) & Status.busy != 0 {
            guard bus.now < end else {
                throw HardwareError(.timeout, "the AHT20 at \(bus.place(address)) did not end its measurement")
            }
            bus.pause(for: .milliseconds(5))
        }
        return try Self.measurement(from: bus.transfer(to: address, write: [], read: 7))
    }

    // MARK: Identify

    /// Makes sure that an AHT20 is there and calibrated; the chip has no identity register.
    ///
    /// - Throws: `HardwareError`; `busError` when it does not take its calibration.
    public func prepare(on bus: any I2CBus) throws(HardwareError) {
        guard try status(on: bus) & Status.calibrated == 0 else { return }
        // 40 ms after power-on, then 10 ms for the calibration.
        bus.pause(for: .milliseconds(40))
        _ = try bus.transfer(to: address, write: Command.initialise, read: 0)
        bus.pause(for: .milliseconds(10))
        guard try status(on: bus) & Status.calibrated != 0 else {
            throw HardwareError(.busError, "the chip at \(bus.place(address)) does not calibrate: is it an AHT20?")
        }
    }

    private func status(on bus: any I2CBus) throws(HardwareError) -> UInt8 {
        let bytes = try bus.transfer(to: address, write: Command.status, read: 1)
        guard let status = bytes.first else { throw bus.shortAnswer(bytes, wanted: 1, from: address) }
        return status
    }
}
