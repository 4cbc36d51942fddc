import TestSupport
import Testing

@testable import Hardware

private let chip = INA260(address: 0x40)

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func read(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x40, write: [register], answer: [UInt8(word >> 8), UInt8(word & 0xFF)])
}

private let identity = [read(0xFE, 0x5449), read(0xFF, 0x2270)]

@Suite("INA260")
struct INA260Tests {
    @Test("1.25 mA, 1.25 mV and 10 mW per bit: 10 A at 11.98 V are 119.8 W")
    func convert() {
        let measurement = INA260.measurement(current: 0x1F40, voltage: 0x2570, power: 0x2ECC)
        #expect(abs(measurement.current - 10) < 1e-9)
        #expect(abs(measurement.voltage - 11.98) < 1e-9)
        #expect(abs(measurement.power - 119.8) < 1e-9)
    }

    @Test("current is two's complement")
    func negative() {
        #expect(INA260.measurement(current: 0xFFFF, voltage: 0, power: 0).current == -0.00125)
        #expect(INA260.measurement(current: 0x8000, voltage: 0, power: 0).current == -40.96)
    }

    @Test("a fresh chip is set up, and read when its first mean is ready")
    func fresh() throws {
        let bus = bus(
            identity + [
                read(0x00, 0x6127), .transfer(to: 0x40, write: [0x00, 0x67, 0x27]), read(0x06, 0x0008),
                read(0x06, 0x0000), read(0x06, 0x0008), read(0x01, 0x1F40), read(0x02, 0x2570), read(0x03, 0x2ECC),
                read(0x00, 0x6727),
            ])
        #expect(abs(try chip.measure(on: bus).power - 119.8) < 1e-9)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that is reset during a reading gives none")
    func resetMeanwhile() {
        let steps =
            identity + [
                read(0x00, 0x6727), read(0x06, 0x0008), read(0x01, 0), read(0x02, 0), read(0x03, 0), read(0x00, 0x6127),
            ]
        let error = #expect(throws: HardwareError.self) { try chip.measure(on: bus(steps)) }
        #expect(error?.kind == .busError)
    }

    @Test(
        "another chip at the address is named by what it says",
        arguments: [(0x5449, 0x2260), (0x0000, 0x0000)]
            as [(UInt16, UInt16)])
    func otherChip(manufacturer: UInt16, die: UInt16) {
        let error = #expect(throws: HardwareError.self) {
            try chip.identify(on: bus([read(0xFE, manufacturer), read(0xFF, die)]))
        }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("no INA260") == true)
    }

    @Test("a later revision of the chip is still one")
    func revision() throws { try chip.identify(on: bus([read(0xFE, 0x5449), read(0xFF, 0x2273)])) }

    @Test("an overflow is out of range, a chip that does not convert a timeout")
    func flags() {
        let overflow = identity + [read(0x00, 0x6727), read(0x06, 0x000C)]
        #expect(#expect(throws: HardwareError.self) { try chip.measure(on: bus(overflow)) }?.kind == .outOfRange)
        let dead = identity + [read(0x00, 0x6727)] + Array(repeating: read(0x06, 0), count: 100)
        #expect(#expect(throws: HardwareError.self) { try chip.measure(on: bus(dead)) }?.kind == .timeout)
    }

    @Test("random answers never crash")
    func fuzz() {
        for seed in 0..<500 { _ = try? chip.measure(on: NoisyI2CBus(seed: UInt64(seed))) }
    }
}
