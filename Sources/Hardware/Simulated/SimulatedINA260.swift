/// An AHT20 with its calibration bit, its busy time and its checksum.
final class SimulatedAHT20: SimulatedI2CDevice {
    private let air: @Sendable (Double) -> (temperature: Double, humidity: Double)
    private var isCalibrated = false
    private var measuring: Double?
    private var answersStatus = true

    init(air: @escaping @Sendable (Double) -> (temperature: Double, humidity: Double)) { self.air = air }

    func powerOn() {
        isCalibrated = false
        measuring = nil
    }

    func write(_ bytes: [UInt8], at time: Double) {
        answersStatus = bytes == AHT20.Command.status
        if bytes == AHT20.Command.initialise { isCalibrated = true }
        if bytes == AHT20.Command.measure { measuring = time }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let isBusy = measuring.map { time < $0 + 0.078 } ?? false
        let status = 0x14 | (isBusy ? AHT20.Status.busy : 0) | (isCalibrated ? AHT20.Status.calibrated : 0)
        defer { answersStatus = false }
        guard !answersStatus else { return Array(repeating: status, count: count) }
        let (temperature, humidity) = air(measuring ?? time)
        let rawTemperature = UInt32(max(0, min(1, (temperature + 50) / 200)) * Double(1 << 20 - 1))
        let rawHumidity = UInt32(max(0, min(1, humidity / 100)) * Double(1 << 20 - 1))
        var bytes = [
            status, UInt8(rawHumidity >> 12), UInt8(rawHumidity >> 4 & 0xFF),
            UInt8(rawHumidity << 4 & 0xF0 | rawTemperature >> 16), UInt8(rawTemperature >> 8 & 0xFF),
            UInt8(rawTemperature & 0xFF),
        ]
        bytes.append(CRC8.aosong(bytes))
        return (0..<count).map { $0 < bytes.count ? bytes[$0] : 0xFF }
    }
}

/// An INA260 with its identity, its configuration and the ready flag.
final class SimulatedINA260: SimulatedI2CDevice {
    private let load: @Sendable (Double) -> (voltage: Double, power: Double)
    private var pointer: UInt8 = 0
    private var configuration: UInt16 = 0x6127
    private var cleared = 0.0

    init(load: @escaping @Sendable (Double) -> (voltage: Double, power: Double)) { self.load = load }

    func powerOn() { configuration = 0x6127 }

    func write(_ bytes: [UInt8], at time: Double) {
        guard let register = bytes.first else { return }
        pointer = register
        guard register == INA260.Register.configuration.rawValue, bytes.count >= 3 else { return }
        configuration = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        cleared = time
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let (voltage, power) = load(time)
        let current = voltage > 0 ? power / voltage : 0
        let word: UInt16 =
            switch INA260.Register(rawValue: pointer) {
            case .configuration: configuration
            case .current: UInt16(bitPattern: Int16(max(-32768, min(32767, (current / 0.00125).rounded()))))
            case .voltage: UInt16(max(0, min(32767, (voltage / 0.00125).rounded())))
            case .power: UInt16(max(0, min(65535, (power / 0.01).rounded())))
            case .mask: ready(at: time)
            case .manufacturer: INA260.manufacturer
            case .die: INA260.device
            case nil: 0
            }
        return (0..<count).map { $0 == 0 ? UInt8(word >> 8) : $0 == 1 ? UInt8(word & 0xFF) : 0xFF }
    }

    /// The flag, which reading clears.
    private func ready(at time: Double) -> UInt16 {
        guard time >= cleared + 0.141 else { return 0 }
        cleared = time
        return INA260.conversionReady
    }
}
