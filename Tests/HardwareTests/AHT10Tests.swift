import TestSupport
import Testing

@testable import Hardware

private let chip = AHT10(address: 0x39)
/// 23.19 %, 31.67 °C.
private let answer: [UInt8] = [0x1C, 0x3B, 0x5E, 0x86, 0x88, 0xB2]

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func read(_ bytes: [UInt8]) -> ScriptedI2CBus.Step { .transfer(to: 0x39, write: [], answer: bytes) }
private func status(_ byte: UInt8) -> ScriptedI2CBus.Step { read([byte]) }
private let start = ScriptedI2CBus.Step.transfer(to: 0x39, write: [0xAC, 0x33, 0x00])
private let initialise = ScriptedI2CBus.Step.transfer(to: 0x39, write: [0xE1, 0x08, 0x00])

private func failure(_ steps: [ScriptedI2CBus.Step]) -> HardwareError.Kind? {
    #expect(throws: HardwareError.self) { try chip.measure(on: bus(steps)) }?.kind
}

@Suite("AHT10")
struct AHT10Tests {
    @Test(
        "the datasheet's formulas at their corners",
        arguments: [
            (0x80000, 0x80000, 50, 50), (0x00000, 0x40000, 0, 0), (0xFFFFF, 0x66666, 100, 30),
            (0x40000, 0x0CCCD, 25, -40),
        ] as [(Int, Int, Double, Double)])
    func formulas(humidity: Int, temperature: Int, percent: Double, celsius: Double) throws {
        let measurement = try AHT10.measurement(from: [
            0x18, UInt8(humidity >> 12), UInt8(humidity >> 4 & 0xFF),
            UInt8(humidity << 4 & 0xF0 | temperature >> 16), UInt8(temperature >> 8 & 0xFF), UInt8(temperature & 0xFF),
        ])
        #expect(abs(measurement.humidity - percent) < 0.001)
        #expect(abs(measurement.temperature - celsius) < 0.001)
    }

    @Test("measures: trigger, wait until it is not busy, read twice")
    func measure() throws {
        let bus = bus([status(0x18), start, status(0x98), status(0x18), read(answer), read(answer)])
        let measurement = try chip.measure(on: bus)
        #expect(abs(measurement.temperature - 31.674_576) < 1e-6)
        #expect(abs(measurement.humidity - 23.191_071) < 1e-6)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that was just plugged in is calibrated first, however long it takes")
    func calibrates() throws {
        let bus = bus([
            status(0x10), initialise, status(0x90), status(0x98), status(0x18), start, status(0x18), read(answer),
            read(answer),
        ])
        _ = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that does not calibrate is no AHT10, and is given up in less than half a second")
    func notOne() {
        let bus = NoisyI2CBus(constant: 0x00)
        let error = #expect(throws: HardwareError.self) { try chip.measure(on: bus) }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("is it an AHT10?") == true)
        #expect(bus.now < .milliseconds(500))
    }

    @Test("a chip that stays busy is a timeout, as is a bus that gives only ones")
    func staysBusy() {
        #expect(failure([status(0x18), start] + Array(repeating: status(0x98), count: 100)) == .timeout)
        let error = #expect(throws: HardwareError.self) { try chip.measure(on: NoisyI2CBus(constant: 0xFF)) }
        #expect(error?.kind == .timeout)
    }

    @Test("one wrong bit in one of the two readings is a bad checksum, or no measurement at all")
    func bitFlips() {
        for bit in 0..<48 {
            var damaged = answer
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(failure([status(0x18), start, status(0x18), read(answer), read(damaged)]) == .badChecksum)
            var steps = [status(0x18), start, status(0x18), read(damaged)]
            // What is no measurement by itself is not read again.
            if (try? AHT10.measurement(from: damaged)) != nil { steps.append(read(answer)) }
            #expect(failure(steps) != nil)
        }
    }

    @Test("a chip that was reset during the measurement gives none")
    func resetMeanwhile() {
        let uncalibrated = [0x10] + answer.dropFirst()
        #expect(failure([status(0x18), start, status(0x18), read(uncalibrated)]) == .busError)
    }

    @Test(
        "all zeros, all ones, too much and nothing are no measurement",
        arguments: [
            [UInt8](repeating: 0, count: 6), [UInt8](repeating: 0xFF, count: 6), [], [0x18],
            [UInt8](repeating: 0x18, count: 7),
        ])
    func degenerate(bytes: [UInt8]) {
        #expect(throws: HardwareError.self) { try AHT10.measurement(from: bytes) }
    }

    @Test("registers that were never measured are out of range")
    func empty() {
        let error = #expect(throws: HardwareError.self) { try AHT10.measurement(from: [0x18, 0, 0, 0, 0, 0]) }
        #expect(error?.kind == .outOfRange)
    }

    @Test("random answers never crash, and never give a value outside of the chip's range")
    func fuzz() {
        for seed in 0..<500 {
            guard let seen = try? chip.measure(on: NoisyI2CBus(seed: UInt64(seed))) else { continue }
            #expect((-40...85).contains(seen.temperature) && (0...100).contains(seen.humidity))
        }
    }
}
