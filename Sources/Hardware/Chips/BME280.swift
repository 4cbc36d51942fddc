/// BME280: temperature, relative humidity and air pressure; 0x76 or 0x77.
///
/// Source: Bosch BME280 datasheet BST-BME280-DS002, sections 3.3, 4 and 5.
public struct BME280: Hashable, Sendable {
    public let address: UInt8

    public init(address: UInt8) { self.address = address }

    enum Register: UInt8 {
        /// 26 bytes of coefficients.
        case calibration = 0x88
        case identity = 0xD0
        /// 7 bytes of coefficients.
        case humidityCalibration = 0xE1
        case humidityControl = 0xF2
        case status = 0xF3
        case control = 0xF4
        case filter = 0xF5
        case data = 0xF7
    }

    static let identity: UInt8 = 0x60
    /// Bits of the status: a conversion runs; the coefficients are being loaded.
    static let measuring: UInt8 = 1 << 3
    static let loading: UInt8 = 1
    /// Mode, bits 1…0 of the control register: 00 sleep, 01 one measurement and then sleep.
    static let forced: UInt8 = 0b01
    static let mode: UInt8 = 0b11
    /// Temperature and humidity once, pressure the mean of four: 16.2 ms at most (section 9.1).
    static let control: UInt8 = 0b001 << 5 | 0b011 << 2
    static let humidityControl: UInt8 = 0b001

    public struct Measurement: Hashable, Sendable {
        /// °C.
        public let temperature: Double
        /// Percent relative humidity.
        public let humidity: Double
        /// hPa where the sensor is, not reduced to sea level.
        public let pressure: Double
    }

    // MARK: Convert

    /// Eight bytes: 20 bits of pressure, 20 bits of temperature, 16 bits of humidity.
    ///
    /// - Throws: `HardwareError`: `busError` when nothing was measured; `outOfRange`.
    static func measurement(from bytes: [UInt8], _ calibration: Calibration) throws(HardwareError) -> Measurement {
        guard bytes.count == 8 else {
            throw HardwareError(.busError, "the BME280 sent \(bytes.count) bytes instead of 8")
        }
        let pressure = Int32(bytes[0]) << 12 | Int32(bytes[1]) << 4 | Int32(bytes[2]) >> 4
        let temperature = Int32(bytes[3]) << 12 | Int32(bytes[4]) << 4 | Int32(bytes[5]) >> 4
        let humidity = Int32(bytes[6]) << 8 | Int32(bytes[7])
        // Each of these may also be measured; all of them together are what the registers hold after power-on.
        guard (pressure, temperature, humidity) != (0x80000, 0x80000, 0x8000) else {
            throw HardwareError(.busError, "the BME280 holds no measurement: check its supply")
        }
        let fine = calibration.fineTemperature(temperature)
        let celsius = Double(Calibration.hundredths(ofFine: fine)) / 100
        guard (-40...85).contains(celsius) else {
            throw HardwareError(.outOfRange, "\(celsius) °C is outside of what a BME280 measures (−40…85 °C)")
        }
        let hectopascal = calibration.pascal256ths(pressure, fine: fine).map { Double($0) / 25_600 } ?? 0
        guard (300...1100).contains(hectopascal) else {
            throw HardwareError(.outOfRange, "\(hectopascal) hPa is outside of what a BME280 measures (300…1100 hPa)")
        }
        return Measurement(
            temperature: celsius, humidity: Double(calibration.percent1024ths(humidity, fine: fine)) / 1024,
            pressure: hectopascal)
    }

    // MARK: Read

    /// Makes one measurement and reads it: about 20 ms.
    ///
    /// All is read each time, the coefficients too, so it does not matter which chip was there before.
    ///
    /// - Throws: `HardwareError` of the bus or the value; `busError` when it is another chip, or was reset meanwhile.
    public func measure(on bus: any I2CBus) throws(HardwareError) -> Measurement {
        try identify(on: bus)
        try wait(on: bus) { status, _ in status & Self.loading == 0 }
        // Pairs of register and value in one transfer (section 6.2.1). First to sleep: in normal mode the filter is not
        // taken; the humidity's setting counts from the next write to the control register on.
        let settings: [(Register, UInt8)] = [
            (.control, Self.control), (.humidityControl, Self.humidityControl), (.filter, 0),
            (.control, Self.control | Self.forced),
        ]
        _ = try bus.transfer(to: address, write: settings.flatMap { [$0.rawValue, $1] }, read: 0)
        bus.pause(for: .milliseconds(14))
        try wait(on: bus) { status, control in
            status & (Self.measuring | Self.loading) == 0 && control & Self.mode == 0
        }
        let calibration = try Calibration(
            read(.calibration, 26, on: bus), humidity: read(.humidityCalibration, 7, on: bus))
        // Settings, status and data in one transfer: after a reset the settings are 0.
        let bytes = try read(.humidityControl, 13, on: bus)
        guard bytes[0] & 0b111 == Self.humidityControl, bytes[2] == Self.control, bytes[3] & 0b11100 == 0 else {
            throw HardwareError(
                .busError, "the BME280 at \(bus.place(address)) was reset during a reading: check its supply")
        }
        return try Self.measurement(from: Array(bytes[5...]), calibration)
    }

    /// Waits until status and control register are as wanted.
    private func wait(
        on bus: any I2CBus, until isReady: (_ status: UInt8, _ control: UInt8) -> Bool
    ) throws(HardwareError) {
        let end = bus.now + .milliseconds(100)
        while true {
            let bytes = try read(.status, 2, on: bus)
            if isReady(bytes[0], bytes[1]) { return }
            guard bus.now < end else {
                throw HardwareError(.timeout, "the BME280 at \(bus.place(address)) does not end its measurement")
            }
            bus.pause(for: .milliseconds(2))
        }
    }

    private func read(_ register: Register, _ count: Int, on bus: any I2CBus) throws(HardwareError) -> [UInt8] {
        let bytes = try bus.transfer(to: address, write: [register.rawValue], read: count)
        guard bytes.count == count else { throw bus.shortAnswer(bytes, wanted: count, from: address) }
        return bytes
    }

    // MARK: Identify

    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        let seen = try read(.identity, 1, on: bus)[0]
        let place = bus.place(address)
        switch seen {
        case Self.identity: return
        case 0x56...0x58:
            throw HardwareError(
                .busError,
                "the chip at \(place) is a BMP280 (id \(hex(seen))), which has no humidity: put a BME280 in its place")
        case 0x61:
            throw HardwareError(.busError, "the chip at \(place) is a BME680 (id 0x61): put a BME280 in its place")
        default:
            throw HardwareError(
                .busError, "the chip at \(place) is no BME280 (id \(hex(seen))): check the address in the site file")
        }
    }
}
