/// An AHT10 or AHT20 with its calibration bit, its busy time, and the AHT20's checksum.
final class SimulatedAHT: SimulatedI2CDevice {
    enum Chip {
        case aht10
        case aht20
    }

    private let chip: Chip
    private let air: @Sendable (Double) -> (temperature: Double, humidity: Double)
    private var isCalibrated = false
    private var measuring: Double?
    private var answersStatus = true

    init(_ chip: Chip, air: @escaping @Sendable (Double) -> (temperature: Double, humidity: Double)) {
        self.chip = chip
        self.air = air
    }

    func powerOn() {
        isCalibrated = false
        measuring = nil
    }

    func write(_ bytes: [UInt8], at time: Double) {
        answersStatus = bytes == AHT20.status
        let initialise = chip == .aht10 ? AHT10.initialise : AHT20.initialise
        if bytes == initialise { isCalibrated = true }
        if bytes == AHT.measure { measuring = time }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let isBusy = measuring.map { time < $0 + 0.078 } ?? false
        let status = 0x14 | (isBusy ? AHT.Status.busy : 0) | (isCalibrated ? AHT.Status.calibrated : 0)
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
        if chip == .aht20 { bytes.append(CRC8.aosong(bytes)) }
        return (0..<count).map { $0 < bytes.count ? bytes[$0] : 0xFF }
    }
}
