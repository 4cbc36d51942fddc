import TestSupport
import Testing

@testable import Hardware

/// The datasheet's circuit: 2 mΩ, 15 A at most.
private func example() throws -> INA226 { try INA226(address: 0x40, shunt: 0.002, maximum: 15) }

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func read(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x40, write: [register], answer: [UInt8(word >> 8), UInt8(word & 0xFF)])
}

private func write(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x40, write: [register, UInt8(word >> 8), UInt8(word & 0xFF)])
}

private let identity = [read(0xFE, 0x5449), read(0xFF, 0x2260)]

private func failure(_ steps: [ScriptedI2CBus.Step]) -> HardwareError? {
    #expect(throws: HardwareError.self) { try example().measure(on: bus(identity + steps)) }
}

@Suite("INA226")
struct INA226Tests {
    @Test("the datasheet's example: A00h, 10 A, 11.98 V and 119.8 W")
    func datasheet() {
        #expect(ShuntCalibration.word(currentStep: 0.001, resistance: 0.002, factor: INA226.factor) == 0xA00)
        let measurement = INA226.measurement(current: 0x2710, voltage: 0x2570, power: 0x12B8, currentStep: 0.001)
        #expect(abs(measurement.current - 10) < 1e-9)
        #expect(abs(measurement.voltage - 11.98) < 1e-9)
        #expect(abs(measurement.power - 119.8) < 1e-9)
    }

    @Test("current is two's complement")
    func negative() {
        #expect(INA226.measurement(current: 0x8000, voltage: 0, power: 0, currentStep: 0.001).current == -32.768)
    }

    @Test(
        "the finest step that the register allows is taken",
        arguments: [(0.002, 15, 5592), (0.002, 20, 4194), (0.01, 8.192, 2048), (0.002, 0.5, 32767)]
            as [(Double, Double, UInt16)])
    func settings(shunt: Double, maximum: Double, word: UInt16) throws {
        let calibration = try INA226(address: 0x40, shunt: shunt, maximum: maximum).calibration
        #expect(calibration.word == word)
        #expect(abs(calibration.currentStep - 0.00512 / (Double(word) * shunt)) < 1e-15)
        #expect(calibration.currentStep * 32768 >= maximum * 0.9999)
    }

    @Test("more than 81.92 mV over the shunt is refused with the figures")
    func tooMuch() {
        let error = #expect(throws: HardwareError.self) { try INA226(address: 0x40, shunt: 0.1, maximum: 1) }
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("up to 0.08192 V") == true)
    }

    @Test("a fresh chip is set up, and read when its first mean is ready")
    func fresh() throws {
        let chip = try example()
        let word = chip.calibration.word
        // 20 mV at the step of 15 A.
        let current = UInt16(8000 * Int(word) / 2048)
        let bus = bus(
            identity + [
                read(0x00, 0x4127), write(0x05, word), write(0x00, 0x4727), read(0x06, 0x0008), read(0x06, 0x0000),
                read(0x06, 0x0008), read(0x01, 0x1F40), read(0x04, current), read(0x02, 0x2570),
                read(0x03, UInt16(Int(current) * 9584 / 20_000)), read(0x00, 0x4727), read(0x05, word),
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
        let bus = bus(
            identity + [
                read(0x00, 0x4727), read(0x05, 0), write(0x05, word), write(0x00, 0x4727), read(0x06, 0x0008),
                read(0x06, 0x0008), read(0x01, 1), read(0x04, 1), read(0x02, 1), read(0x03, 1), read(0x00, 0x4727),
                read(0x05, word),
            ])
        _ = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that is reset during a reading gives none")
    func resetMeanwhile() throws {
        let error = failure([
            read(0x00, 0x4727), read(0x05, try example().calibration.word), read(0x06, 0x0008), read(0x01, 0),
            read(0x04, 0), read(0x02, 0), read(0x03, 0), read(0x00, 0x4127),
        ])
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("was reset") == true)
    }

    @Test(
        "an overflow and a full range are out of range",
        arguments: [(0x000C, 0x1F40), (0x0008, 0x7FFF), (0x0008, 0x8000)] as [(UInt16, UInt16)])
    func beyond(mask: UInt16, shunt: UInt16) throws {
        let word = try example().calibration.word
        let error = failure([
            read(0x00, 0x4727), read(0x05, word), read(0x06, mask), read(0x01, shunt), read(0x04, 0x7FFF),
            read(0x02, 0x2570), read(0x03, 0xFFFF), read(0x00, 0x4727), read(0x05, word),
        ])
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("max_current") == true)
    }

    @Test("a chip that does not convert is a timeout")
    func dead() throws {
        let steps = [read(0x00, 0x4727), read(0x05, try example().calibration.word)]
        #expect(failure(steps + Array(repeating: read(0x06, 0), count: 100))?.kind == .timeout)
    }

    @Test(
        "another chip at the address is named by what it says",
        arguments: [(0x5449, 0x2270), (0x0000, 0x0000), (0x399F, 0x399F)] as [(UInt16, UInt16)])
    func otherChip(manufacturer: UInt16, die: UInt16) throws {
        let chip = try example()
        let error = #expect(throws: HardwareError.self) {
            try chip.identify(on: bus([read(0xFE, manufacturer), read(0xFF, die)]))
        }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("no INA226") == true)
    }

    @Test("a later revision of the chip is still one")
    func revision() throws { try example().identify(on: bus([read(0xFE, 0x5449), read(0xFF, 0x2261)])) }

    @Test("a data line that is stuck is an error, and random answers never crash", arguments: [0x00, 0xFF] as [UInt8])
    func garbage(constant: UInt8) throws {
        let chip = try example()
        #expect(throws: HardwareError.self) { try chip.measure(on: NoisyI2CBus(constant: constant)) }
        for seed: UInt64 in 0..<500 {
            #expect(throws: HardwareError.self) { try chip.measure(on: NoisyI2CBus(seed: seed)) }
        }
    }
}
