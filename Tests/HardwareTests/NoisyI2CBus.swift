@testable import Hardware

/// A bus that answers everything with random bytes, sometimes too few, sometimes with an error; or with one byte only.
final class NoisyI2CBus: I2CBus {
    let name = "noisy i2c"
    private(set) var now = Duration.zero
    private let random: SimulatedNoise
    private let constant: UInt8?
    private var count: Int64 = 0

    init(seed: UInt64) {
        random = SimulatedNoise(seed: seed)
        constant = nil
    }

    /// A data line that is always low (0x00) or always high (0xFF).
    init(constant: UInt8) {
        random = SimulatedNoise(seed: 0)
        self.constant = constant
    }

    func transfer(to address: UInt8, write: [UInt8], read length: Int) throws(HardwareError) -> [UInt8] {
        now += .microseconds(300)
        if let constant { return Array(repeating: constant, count: length) }
        switch next() {
        case ..<0.02: throw HardwareError(.notPresent, "noise")
        case ..<0.04: return []
        case ..<0.06: return Array(repeating: 0xFF, count: length + 1)
        default: return (0..<length).map { _ in UInt8(next() * 256) }
        }
    }

    func pause(for duration: Duration) { now += duration }

    private func next() -> Double {
        count += 1
        return random.uniform(count)
    }
}
