import TestSupport
import Testing

@testable import Hardware

private let chip = ADS1115(address: 0x48)

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func write(_ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x48, write: [1, UInt8(word >> 8), UInt8(word & 0xFF)])
}

private func read(_ register: UInt8, _ word: UInt16) -> ScriptedI2CBus.Step {
    .transfer(to: 0x48, write: [register], answer: [UInt8(word >> 8), UInt8(word & 0xFF)])
}

@Suite("ADS1115")
struct ADS1115Tests {
    @Test("the worked configuration words")
    func words() {
        typealias Configuration = ADS1115.Configuration
        let base = Configuration(input: .ain0ain1, range: .volts0512, rate: .sps860, isContinuous: true)
        #expect(base.word == 0x88E3)
        var fine = base
        fine.range = .volts0256
        #expect(fine.word == 0x8AE3)
        fine.isContinuous = false
        #expect(fine.word == 0x8BE3)
        // The reset value 0x8583.
        #expect(Configuration(input: .ain0ain1, range: .volts2048, rate: .sps128, isContinuous: false).word == 0x8583)
        #expect(Configuration(input: .ain3, range: .volts4096, rate: .sps8, isContinuous: false).word == 0xF303)
    }

    @Test(
        "steps and full scales of the datasheet's table",
        arguments: zip(
            ADS1115.Range.allCases, [187.5, 125, 62.5, 31.25, 15.625, 7.8125]))
    func ranges(range: ADS1115.Range, microvolts: Double) {
        #expect(abs(ADS1115.volts(code: 1, range: range) * 1e6 - microvolts) < 1e-9)
        #expect(ADS1115.Range(fullScale: range.fullScale) == range)
        #expect(ADS1115.volts(code: .min, range: range) == -range.fullScale)
        #expect(ADS1115.volts(code: 0x7FFF, range: range) < range.fullScale)
    }

    @Test("a range that the chip does not have is none", arguments: [0, 1, 2.5, -0.256, .nan, .infinity])
    func noRange(volts: Double) { #expect(ADS1115.Range(fullScale: volts) == nil) }

    @Test("DC: each conversion is started, waited for by its bit, and read; the extremes do not count")
    func direct() throws {
        let word: UInt16 = 0xD383  // AIN1-GND, ±4.096 V, single shot, 128 SPS
        var steps: [ScriptedI2CBus.Step] = []
        for code: UInt16 in [8000, 8002, 100, 8004, 32000] {
            steps += [write(word), read(1, word & 0x7FFF), read(1, word & 0x7FFF), read(1, word), read(0, code)]
        }
        let bus = bus(steps)
        let volts = try chip.volts(.ain1, range: .volts4096, on: bus)
        #expect(abs(volts - 8002 * 0.000_125) < 1e-9)
        #expect(bus.remaining == 0)
    }

    @Test("DC: an input at the end of its range has no value", arguments: [0x7FFF, 0x8000] as [UInt16])
    func saturated(code: UInt16) throws {
        let word: UInt16 = 0xD383
        let bus = bus([write(word), read(1, word), read(0, code)])
        let error = #expect(throws: HardwareError.self) {
            try chip.volts(.ain1, range: .volts4096, conversions: 1, on: bus)
        }
        #expect(error?.kind == .outOfRange)
    }

    @Test("a chip that lost its configuration gives no value of another input")
    func reset() throws {
        let bus = bus([write(0xD383), read(1, 0x8583)])
        let error = #expect(throws: HardwareError.self) { try chip.volts(.ain1, range: .volts4096, on: bus) }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("0x8583 instead of 0xd383") == true)
    }

    @Test("a chip that never ends a conversion is a timeout")
    func neverReady() throws {
        let busy = Array(repeating: read(1, 0x5383), count: 200)
        let error = #expect(throws: HardwareError.self) {
            try chip.volts(.ain1, range: .volts4096, on: bus([write(0xD383)] + busy))
        }
        #expect(error?.kind == .timeout)
    }

    @Test("a short answer is a bus error, not a value")
    func short() throws {
        let steps: [ScriptedI2CBus.Step] = [
            write(0xD383), .short(to: 0x48, write: [1], read: 2, answer: [0xD3]),
        ]
        let error = #expect(throws: HardwareError.self) { try chip.volts(.ain1, range: .volts4096, on: bus(steps)) }
        #expect(error?.kind == .busError)
    }

    @Test("a burst waits out what ran before, and leaves the chip in power-down")
    func burst() throws {
        var steps: [ScriptedI2CBus.Step] = [
            // Continuous at 8 SPS before: 139 ms to wait.
            read(1, 0x8403), write(0x9AE3), read(0, 1),
        ]
        steps += (0..<4).map { _ in .transfer(to: 0x48, write: [], answer: [0x00, 0x10]) }
        steps += [read(1, 0x1AE3), write(0x1BE3)]
        let bus = bus(steps)
        let burst = try chip.burst(.ain0ain3, range: .volts0256, lasting: .milliseconds(1), on: bus)
        #expect(burst.samples.map(\.code) == [16, 16, 16, 16])
        #expect(bus.remaining == 0)
        #expect(bus.now > .milliseconds(138) && bus.now < .milliseconds(150))
    }

    @Test("a chip that is reset during a burst gives no measurement")
    func resetDuringBurst() throws {
        let steps: [ScriptedI2CBus.Step] = [
            read(1, 0x8583), write(0x9AE3), read(0, 1), .transfer(to: 0x48, write: [], answer: [0, 0]), read(1, 0x8583),
        ]
        #expect(throws: HardwareError.self) {
            try chip.burst(.ain0ain3, range: .volts0256, lasting: .microseconds(1), on: bus(steps))
        }
    }

    @Test("random answers never crash")
    func fuzz() {
        for seed in 0..<300 {
            let bus = NoisyI2CBus(seed: UInt64(seed))
            _ = try? chip.volts(.ain0, range: .volts6144, on: bus)
            _ = try? chip.burst(.ain0, range: .volts6144, lasting: .milliseconds(5), on: bus)
            _ = try? chip.identify(on: bus)
        }
    }
}
