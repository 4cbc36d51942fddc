import TestSupport
import Testing

@testable import Hardware

/// The datasheet's circuit: 2 mΩ, 15 A at most.
private func example() throws -> INA219 { try INA219(address: 0x40, shunt: 0.002, maximum: 15) }
/// ±40 mV.
private let configuration: UInt16 = 0x27FF

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func read(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x40, write: [register], answer: [UInt8(word >> 8), UInt8(word & 0xFF)])
}

private func write(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x40, write: [register, UInt8(word >> 8), UInt8(word & 0xFF)])
}

private func failure(_ steps: [ScriptedI2CBus.Step]) -> HardwareError? {
    #expect(throws: HardwareError.self) { try example().measure(on: bus(steps)) }
}

@Suite("INA219")
struct INA219Tests {
    @Test("the datasheet's example: 5000h, 10 A, 11.98 V and 119.8 W")
    func datasheet() {
        #expect(ShuntCalibration.word(currentStep: 0.001, resistance: 0.002, factor: INA219.factor) == 0x5000)
        let measurement = INA219.measurement(current: 0x2710, voltage: 0x5D98, power: 0x1766, currentStep: 0.001)
        #expect(abs(measurement.current - 10) < 1e-9)
        #expect(abs(measurement.voltage - 11.98) < 1e-9)
        #expect(abs(measurement.power - 119.8) < 1e-9)
    }

    @Test("current is two's complement, and the three low bits are no voltage")
    func convert() {
        let measurement = INA219.measurement(current: 0xFFFF, voltage: 0x0007, power: 0, currentStep: 0.001)
        #expect(measurement.current == -0.001)
        #expect(measurement.voltage == 0)
    }

    @Test(
        "the smallest range that the current needs is taken, and the finest step",
        arguments: [
            (0.002, 15, 0x27FF, 44738), (0.1, 0.4, 0x27FF, 33554), (0.1, 0.8, 0x2FFF, 16776), (0.1, 1.6, 0x37FF, 8388),
            (0.1, 3.2, 0x3FFF, 4194), (0.01, 1, 0x27FF, 65534),
        ] as [(Double, Double, UInt16, UInt16)])
    func settings(shunt: Double, maximum: Double, configuration: UInt16, word: UInt16) throws {
        let chip = try INA219(address: 0x40, shunt: shunt, maximum: maximum)
        #expect(chip.configuration == configuration)
        #expect(chip.calibration.word == word)
        #expect(abs(chip.calibration.currentStep - 0.04096 / (Double(word) * shunt)) < 1e-15)
        #expect(chip.calibration.currentStep * 32768 >= maximum * 0.9999)
    }

    @Test("more than 320 mV over the shunt is refused with the figures", arguments: [3.21, 10] as [Double])
    func tooMuch(maximum: Double) {
        let error = #expect(throws: HardwareError.self) { try INA219(address: 0x40, shunt: 0.1, maximum: maximum) }
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("up to 0.32 V") == true)
    }

    @Test("a fresh chip is set up, calibration first, and read when its first mean is ready")
    func fresh() throws {
        let chip = try example()
        let word = chip.calibration.word
        // 20 mV at the step of 15 A.
        let current = UInt16(2000 * Int(word) / 4096)
        let bus = bus([
            read(0, 0x399F), read(0, 0x399F), write(5, word), write(0, configuration), read(2, 0x5D98),
            read(2, 0x5D9A), read(1, 0x07D0), read(4, current), read(3, UInt16(Int(current) * 2995 / 5000)),
            read(0, configuration), read(5, word),
        ])
        let measurement = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
        #expect(abs(measurement.current - 10) < 0.001)
        #expect(abs(measurement.voltage - 11.98) < 1e-9)
        #expect(abs(measurement.power - 119.8) < 0.02)
    }

    @Test("a calibration of 0 is seen before the reading, and set up again")
    func lostCalibration() throws {
        let chip = try example()
        let word = chip.calibration.word
        let bus = bus([
            read(0, configuration), read(0, configuration), read(5, 0), write(5, word), write(0, configuration),
            read(2, 0x5D9A), read(1, 0x07D0), read(4, 1), read(3, 1), read(0, configuration), read(5, word),
        ])
        _ = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that is reset during a reading gives none", arguments: [true, false])
    func resetMeanwhile(keepsConfiguration: Bool) throws {
        let word = try example().calibration.word
        var steps = [
            read(0, configuration), read(0, configuration), read(5, word), read(2, 0x5D9A), read(1, 0), read(4, 0),
            read(3, 0), read(0, keepsConfiguration ? configuration : 0x399F),
        ]
        if keepsConfiguration { steps.append(read(5, 0)) }
        let error = failure(steps)
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("was reset") == true)
    }

    @Test(
        "an overflow and a full range are out of range",
        arguments: [(0x5D9B, 0x07D0), (0x5D9A, 0x0FA0), (0x5D9A, 0xF060)]
            as [(UInt16, UInt16)])
    func beyond(voltage: UInt16, shunt: UInt16) throws {
        let word = try example().calibration.word
        let error = failure([
            read(0, configuration), read(0, configuration), read(5, word), read(2, voltage), read(1, shunt),
            read(4, 0x7FFF), read(3, 0xFFFF), read(0, configuration), read(5, word),
        ])
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("max_current") == true)
    }

    @Test("a chip that does not convert is a timeout")
    func dead() throws {
        let word = try example().calibration.word
        let steps = [read(0, configuration), read(0, configuration), read(5, word)]
        #expect(failure(steps + Array(repeating: read(2, 0x5D98), count: 100))?.kind == .timeout)
    }

    @Test("an INA226 or INA260 at the address is told apart, and not written to", arguments: [0x4127, 0x6727])
    func sibling(configuration: UInt16) {
        let error = failure([read(0, configuration), read(0xFE, 0x5449)])
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("no INA219 but an INA226") == true)
    }

    @Test("a chip with settings of another program is reset, and must then look like an INA219")
    func foreign() throws {
        try example().identify(on: bus([read(0, 0x1FFF), read(0xFE, 0), write(0, 0x8000), read(0, 0x399F)]))
        let error = failure([read(0, 0x1122), read(0xFE, 0x3344), write(0, 0x8000), read(0, 0x1122)])
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("is no INA219 (configuration 0x1122") == true)
    }

    @Test("a data line that is stuck is an error, and random answers never crash", arguments: [0x00, 0xFF] as [UInt8])
    func garbage(constant: UInt8) throws {
        let chip = try example()
        #expect(throws: HardwareError.self) { try chip.measure(on: NoisyI2CBus(constant: constant)) }
        for seed: UInt64 in 0..<500 {
            #expect(throws: HardwareError.self) { try chip.measure(on: NoisyI2CBus(seed: seed)) }
        }
    }
}
