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
            case .manufacturer: TexasInstruments.manufacturer
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
