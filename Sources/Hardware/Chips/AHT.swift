/// Temperature and relative humidity of air.
public struct AirMeasurement: Hashable, Sendable {
    /// °C.
    public let temperature: Double
    /// Percent relative humidity.
    public let humidity: Double
}

/// What AHT10 and AHT20 have in common: commands, status byte, sequence of a measurement, and the 20-bit values.
struct AHT: Hashable, Sendable {
    /// For sentences: `AHT20`.
    let name: String
    let address: UInt8
    /// Loads the calibration; needed after power-on when the status says so.
    let initialise: [UInt8]
    /// How long the chip may take for that.
    let calibrationTime: Duration
    /// What is written before the status byte is read; empty when each read begins with it.
    let status: [UInt8]

    static let measure: [UInt8] = [0xAC, 0x33, 0x00]

    /// Bits of the status byte.
    enum Status {
        static let busy: UInt8 = 0x80
        static let calibrated: UInt8 = 0x08
    }

    // MARK: Convert

    /// Status, 20 bits of humidity, 20 bits of temperature; what follows them is the chip's own.
    ///
    /// - Throws: `HardwareError`: `outOfRange` (−40…85 °C), `busError` or `timeout` when it is no measurement.
    static func measurement(from bytes: [UInt8], of name: String) throws(HardwareError) -> AirMeasurement {
        guard bytes[0] & Status.busy == 0 else {
            throw HardwareError(.timeout, "the \(name) did not end its measurement")
        }
        guard bytes[0] & Status.calibrated != 0 else {
            throw HardwareError(.busError, "the \(name) lost its calibration during the measurement: check its supply")
        }
        let rawHumidity = Int(bytes[1]) << 12 | Int(bytes[2]) << 4 | Int(bytes[3]) >> 4
        let rawTemperature = Int(bytes[3] & 0x0F) << 16 | Int(bytes[4]) << 8 | Int(bytes[5])
        let steps = Double(1 << 20)
        let temperature = Double(rawTemperature) / steps * 200 - 50
        guard (-40...85).contains(temperature) else {
            throw HardwareError(.outOfRange, "\(temperature) °C is outside of what an \(name) measures (−40…85 °C)")
        }
        return AirMeasurement(temperature: temperature, humidity: Double(rawHumidity) / steps * 100)
    }

    // MARK: Read

    /// Calibrates when the chip asks for it (it was just plugged in), and measures: about 80 ms.
    ///
    /// - Throws: `HardwareError` of the bus; `timeout`; `busError` when the chip does not take its calibration.
    func convert(on bus: any I2CBus) throws(HardwareError) {
        try prepare(on: bus)
        _ = try bus.transfer(to: address, write: Self.measure, read: 0)
        // 80 ms by the datasheet; polled, because the chip also answers while it is busy.
        let end = bus.now + .milliseconds(200)
        bus.pause(for: .milliseconds(70))
        while try readStatus(on: bus) & Status.busy != 0 {
            guard bus.now < end else {
                throw HardwareError(.timeout, "the \(name) at \(bus.place(address)) did not end its measurement")
            }
            bus.pause(for: .milliseconds(5))
        }
    }

    /// - Throws: `busError` when the adapter gave another number of bytes.
    func read(_ count: Int, on bus: any I2CBus) throws(HardwareError) -> [UInt8] {
        let bytes = try bus.transfer(to: address, write: [], read: count)
        guard bytes.count == count else { throw bus.shortAnswer(bytes, wanted: count, from: address) }
        return bytes
    }

    // MARK: Identify

    /// Makes sure that the chip is there and calibrated; it has no identity register.
    ///
    /// - Throws: `HardwareError`; `busError` when it does not take its calibration.
    func prepare(on bus: any I2CBus) throws(HardwareError) {
        guard try readStatus(on: bus) & Status.calibrated == 0 else { return }
        // 40 ms after power-on.
        bus.pause(for: .milliseconds(40))
        _ = try bus.transfer(to: address, write: initialise, read: 0)
        let end = bus.now + calibrationTime
        repeat {
            bus.pause(for: .milliseconds(10))
            let status = try readStatus(on: bus)
            if status & (Status.busy | Status.calibrated) == Status.calibrated { return }
        } while bus.now < end
        throw HardwareError(.busError, "the chip at \(bus.place(address)) does not calibrate: is it an \(name)?")
    }

    private func readStatus(on bus: any I2CBus) throws(HardwareError) -> UInt8 {
        let bytes = try bus.transfer(to: address, write: status, read: 1)
        guard let status = bytes.first else { throw bus.shortAnswer(bytes, wanted: 1, from: address) }
        return status
    }
}
