/// What an INA219 and an INA226 have in common: the registers 0…5, and the arithmetic on the shunt.
private struct ShuntRegisters {
    /// In ohm.
    let shunt: Double
    let load: @Sendable (Double) -> (voltage: Double, power: Double)
    var pointer: UInt8 = 0
    var configuration: UInt16 = 0
    var calibration: UInt16 = 0
    /// When the flag of a conversion was cleared last.
    var cleared = 0.0

    /// The register and the word that are written, if any; the pointer is set.
    mutating func word(of bytes: [UInt8]) -> UInt16? {
        guard let register = bytes.first else { return nil }
        pointer = register
        return bytes.count >= 3 ? UInt16(bytes[1]) << 8 | UInt16(bytes[2]) : nil
    }

    /// The shunt voltage in steps, at most the limit.
    func shuntCode(at time: Double, step: Double, limit: Int) -> Int {
        let (voltage, power) = load(time)
        let current = voltage > 0 ? power / voltage : 0
        return Int(max(-Double(limit), min(Double(limit), (current * shunt / step).rounded())))
    }

    func answer(_ word: Int, _ count: Int) -> [UInt8] {
        let bits = UInt16(truncatingIfNeeded: word)
        return (0..<count).map { $0 == 0 ? UInt8(bits >> 8) : $0 == 1 ? UInt8(bits & 0xFF) : 0xFF }
    }
}

/// An INA219 with its calibration, its ranges and the ready flag.
final class SimulatedINA219: SimulatedI2CDevice {
    private var registers: ShuntRegisters

    init(shunt: Double, load: @escaping @Sendable (Double) -> (voltage: Double, power: Double)) {
        registers = ShuntRegisters(shunt: shunt, load: load)
        powerOn()
    }

    func powerOn() {
        registers.configuration = INA219.resetConfiguration
        registers.calibration = 0
    }

    func write(_ bytes: [UInt8], at time: Double) {
        guard let word = registers.word(of: bytes) else { return }
        switch INA219.Register(rawValue: registers.pointer) {
        case .configuration where word & INA219.reset != 0: powerOn()
        case .configuration:
            registers.configuration = word
            registers.cleared = time
        case .calibration: registers.calibration = word & ~1
        default: break
        }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let limit = INA219.Gain(rawValue: registers.configuration >> 11 & 0b11)?.limit ?? 0
        let shunt = registers.shuntCode(at: time, step: 0.000_01, limit: limit)
        let current = shunt * Int(registers.calibration) / 4096
        let voltage = Int(max(0, min(8000, (registers.load(time).voltage / 0.004).rounded())))
        let word: Int
        switch INA219.Register(rawValue: registers.pointer) {
        case .configuration: word = Int(registers.configuration)
        case .shunt: word = shunt
        case .voltage:
            let isReady = time >= registers.cleared + 0.136
            let isBeyond = abs(current) > Int(Int16.max)
            word = voltage << 3 | (isReady ? Int(INA219.conversionReady) : 0) | (isBeyond ? 1 : 0)
        case .power:
            registers.cleared = time
            word = abs(current) * voltage / 5000
        case .current: word = current
        case .calibration: word = Int(registers.calibration)
        case nil: word = 0
        }
        return registers.answer(word, count)
    }
}

/// An INA226 with its identity, its calibration and the ready flag.
final class SimulatedINA226: SimulatedI2CDevice {
    private var registers: ShuntRegisters

    init(shunt: Double, load: @escaping @Sendable (Double) -> (voltage: Double, power: Double)) {
        registers = ShuntRegisters(shunt: shunt, load: load)
        powerOn()
    }

    func powerOn() {
        registers.configuration = 0x4127
        registers.calibration = 0
    }

    func write(_ bytes: [UInt8], at time: Double) {
        guard let word = registers.word(of: bytes) else { return }
        switch INA226.Register(rawValue: registers.pointer) {
        case .configuration:
            registers.configuration = word
            registers.cleared = time
        case .calibration: registers.calibration = word & 0x7FFF
        default: break
        }
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let shunt = registers.shuntCode(at: time, step: 0.000_002_5, limit: 32767)
        let current = shunt * Int(registers.calibration) / 2048
        let voltage = Int(max(0, min(32767, (registers.load(time).voltage / 0.001_25).rounded())))
        let word: Int
        switch INA226.Register(rawValue: registers.pointer) {
        case .configuration: word = Int(registers.configuration)
        case .shunt: word = shunt
        case .voltage: word = voltage
        case .power: word = abs(current) * voltage / 20_000
        case .current: word = current
        case .calibration: word = Int(registers.calibration)
        case .mask:
            let isReady = time >= registers.cleared + 0.141
            if isReady { registers.cleared = time }
            word =
                (isReady ? Int(INA226.conversionReady) : 0)
                | (abs(current) > Int(Int16.max) ? Int(INA226.mathOverflow) : 0)
        case .manufacturer: word = Int(TexasInstruments.manufacturer)
        case .die: word = Int(INA226.device)
        case nil: word = 0
        }
        return registers.answer(word, count)
    }
}
