import TestSupport
import Testing

@testable import Hardware

private let chip = AHT20()
/// A measurement of a real chip: 23.19 %, 31.67 °C.
private let capture: [UInt8] = [0x1C, 0x3B, 0x5E, 0x86, 0x88, 0xB2, 0xD2]

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func status(_ byte: UInt8) -> ScriptedI2CBus.Step { .transfer(to: 0x38, write: [0x71], answer: [byte]) }
private let start = ScriptedI2CBus.Step.transfer(to: 0x38, write: [0xAC, 0x33, 0x00])

@Suite("AHT20")
struct AHT20Tests {
    @Test("a capture of a real chip")
    func capture() throws {
        let measurement = try AHT20.measurement(from: HardwareTests.capture)
        #expect(abs(measurement.humidity - 23.191_071) < 1e-6)
        #expect(abs(measurement.temperature - 31.674_576) < 1e-6)
    }

    @Test(
        "the datasheet's formulas at their corners",
        arguments: [
            (0x80000, 0x80000, 50, 50), (0x00000, 0x40000, 0, 0), (0xFFFFF, 0x66666, 100, 30),
            (0x40000, 0x0CCCD, 25, -40),
        ] as [(Int, Int, Double, Double)])
    func formulas(humidity: Int, temperature: Int, percent: Double, celsius: Double) throws {
        var bytes: [UInt8] = [
            0x18, UInt8(humidity >> 12), UInt8(humidity >> 4 & 0xFF),
            UInt8(humidity << 4 & 0xF0 | temperature >> 16), UInt8(temperature >> 8 & 0xFF), UInt8(temperature & 0xFF),
        ]
        bytes.append(CRC8.aosong(bytes))
        let measurement = try AHT20.measurement(from: bytes)
        #expect(abs(measurement.humidity - percent) < 0.001)
        #expect(abs(measurement.temperature - celsius) < 0.001)
    }

    @Test("measures: trigger, wait until it is not busy, read")
    func measure() throws {
        let bus = bus([
            status(0x18), start, status(0x98), status(0x98), status(0x18),
            .transfer(to: 0x38, write: [], answer: HardwareTests.capture),
        ])
        #expect(abs(try chip.measure(on: bus).temperature - 31.67) < 0.01)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that was just plugged in is calibrated first")
    func calibrates() throws {
        let bus = bus([
            status(0x10), .transfer(to: 0x38, write: [0xBE, 0x08, 0x00]), status(0x18), start, status(0x18),
            .transfer(to: 0x38, write: [], answer: HardwareTests.capture),
        ])
        _ = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
        #expect(bus.now > .milliseconds(115))
    }

    @Test("a chip that does not calibrate is no AHT20")
    func notOne() {
        let steps = [status(0x00), .transfer(to: 0x38, write: [0xBE, 0x08, 0x00]), status(0x00)]
        let error = #expect(throws: HardwareError.self) { try chip.measure(on: bus(steps)) }
        #expect(error?.kind == .busError)
    }

    @Test("a chip that stays busy is a timeout")
    func staysBusy() {
        let steps = [status(0x18), start] + Array(repeating: status(0x98), count: 100)
        let error = #expect(throws: HardwareError.self) { try chip.measure(on: bus(steps)) }
        #expect(error?.kind == .timeout)
    }

    @Test("one wrong bit anywhere is a bad checksum")
    func bitFlips() {
        for bit in 0..<56 {
            var bytes = HardwareTests.capture
            bytes[bit / 8] ^= 1 << (bit % 8)
            let error = #expect(throws: HardwareError.self) { try AHT20.measurement(from: bytes) }
            #expect(error?.kind == .badChecksum)
        }
    }

    @Test(
        "all zeros, all ones and nothing are no measurement",
        arguments: [
            [UInt8](repeating: 0, count: 7), [UInt8](repeating: 0xFF, count: 7), [], [0x18],
        ])
    func degenerate(bytes: [UInt8]) {
        #expect(throws: HardwareError.self) { try AHT20.measurement(from: bytes) }
    }

    @Test("a temperature that it cannot measure is refused though its checksum is right")
    func outOfRange() {
        var bytes: [UInt8] = [0x18, 0, 0, 0, 0, 0]
        bytes.append(CRC8.aosong(bytes))
        let error = #expect(throws: HardwareError.self) { try AHT20.measurement(from: bytes) }
        #expect(error?.kind == .outOfRange)
    }

    @Test("random answers never crash")
    func fuzz() {
        for seed in 0..<500 { _ = try? chip.measure(on: NoisyI2CBus(seed: UInt64(seed))) }
    }
}
