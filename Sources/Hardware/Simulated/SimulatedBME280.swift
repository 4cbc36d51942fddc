/// The registers of a BME280: identity, coefficients, settings, and measurements in forced mode.
final class SimulatedBME280: SimulatedI2CDevice {
    typealias Air = (temperature: Double, humidity: Double, pressure: Double)

    /// dig_T1…dig_P9 of the datasheet's example, then dig_H1; dig_H2…dig_H6 as of a usual chip.
    static let coefficients: [UInt8] =
        ([27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000] as [Int]).flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        } + [0, 75]
    static let humidityCoefficients: [UInt8] = [0x6A, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1E]

    private let air: @Sendable (Double) -> Air
    /// What it is measured with backwards.
    private let calibration: BME280.Calibration?
    private var registers: [UInt8: UInt8] = [:]
    private var pointer: UInt8 = 0
    /// When the measurement that runs began.
    private var started: Double?

    init(air: @escaping @Sendable (Double) -> Air) {
        self.air = air
        calibration = try? BME280.Calibration(Self.coefficients, humidity: Self.humidityCoefficients)
        powerOn()
    }

    func powerOn() {
        registers = [:]
        started = nil
        set(.identity, [BME280.identity])
        set(.calibration, Self.coefficients)
        set(.humidityCalibration, Self.humidityCoefficients)
        set(.data, [0x80, 0, 0, 0x80, 0, 0, 0x80, 0])
    }

    func write(_ bytes: [UInt8], at time: Double) {
        finish(at: time)
        guard bytes.count > 1 else {
            pointer = bytes.first ?? pointer
            return
        }
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            guard let register = BME280.Register(rawValue: bytes[index]) else { continue }
            switch register {
            case .humidityControl, .filter: set(register, [bytes[index + 1]])
            case .control:
                set(register, [bytes[index + 1]])
                if bytes[index + 1] & BME280.mode == BME280.forced { started = time }
            default: break
            }
        }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        finish(at: time)
        set(.status, [started == nil ? 0 : BME280.measuring])
        return (0..<count).map { registers[pointer &+ UInt8(truncatingIfNeeded: $0)] ?? 0 }
    }

    private func set(_ register: BME280.Register, _ bytes: [UInt8]) {
        for (index, byte) in bytes.enumerated() { registers[register.rawValue + UInt8(index)] = byte }
    }

    /// Ends a measurement whose time is over: the data is there, and the chip asleep.
    private func finish(at time: Double) {
        guard let started, time >= started + 0.0135, let calibration else { return }
        self.started = nil
        set(.control, [(registers[BME280.Register.control.rawValue] ?? 0) & ~BME280.mode])
        let air = air(started)
        let temperature = smallest(below: 1 << 20) {
            Double(BME280.Calibration.hundredths(ofFine: calibration.fineTemperature($0))) / 100 >= air.temperature
        }
        let fine = calibration.fineTemperature(temperature)
        let pressure = smallest(below: 1 << 20) {
            Double(calibration.pascal256ths($0, fine: fine) ?? 0) / 25_600 <= air.pressure
        }
        let humidity = smallest(below: 1 << 16) {
            Double(calibration.percent1024ths($0, fine: fine)) / 1024 >= air.humidity
        }
        set(.data, Self.bytes(pressure << 4) + Self.bytes(temperature << 4) + Self.bytes(humidity << 8).prefix(2))
    }

    /// The three bytes of a 24-bit number, the most significant first.
    private static func bytes(_ code: Int32) -> [UInt8] {
        [16, 8, 0].map { UInt8(truncatingIfNeeded: code >> $0) }
    }

    /// The smallest code for which it holds, by halves; the last one when there is none.
    private func smallest(below end: Int32, where holds: (Int32) -> Bool) -> Int32 {
        var low: Int32 = 0
        var high = end - 1
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
