import TestSupport
import Testing

@testable import Hardware

private let chip = BME280(address: 0x76)
private let coefficients = SimulatedBME280.coefficients
private let humidityCoefficients = SimulatedBME280.humidityCoefficients
/// adc_P = 415148, adc_T = 519888, adc_H = 30000.
private let data: [UInt8] = [0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x75, 0x30]

private func calibration() throws -> BME280.Calibration {
    try BME280.Calibration(coefficients, humidity: humidityCoefficients)
}

private func bus(_ steps: [ScriptedI2CBus.Step]) -> ScriptedI2CBus {
    ScriptedI2CBus(steps) { Issue.record("\($0)") }
}

private func read(_ register: UInt8, _ bytes: [UInt8]) -> ScriptedI2CBus.Step {
    .transfer(to: 0x76, write: [register], answer: bytes)
}

private let identity = read(0xD0, [0x60])
private let start = ScriptedI2CBus.Step.transfer(
    to: 0x76, write: [0xF4, 0x2C, 0xF2, 0x01, 0xF5, 0x00, 0xF4, 0x2D])
private let loaded = read(0xF3, [0x00, 0x00])
private let ended = read(0xF3, [0x00, 0x2C])
private let calibrations = [read(0x88, coefficients), read(0xE1, humidityCoefficients)]

private func failure(_ steps: [ScriptedI2CBus.Step]) -> HardwareError? {
    #expect(throws: HardwareError.self) { try chip.measure(on: bus(steps)) }
}

@Suite("BME280")
struct BME280Tests {
    @Test("the datasheet's example: adc_T 519888 is 25.08 °C, adc_P 415148 is 100653 Pa")
    func example() throws {
        let calibration = try calibration()
        let fine = calibration.fineTemperature(519_888)
        #expect(fine == 128_422)
        #expect(BME280.Calibration.hundredths(ofFine: fine) == 2508)
        let pascal = try #require(calibration.pascal256ths(415_148, fine: fine))
        // The datasheet's figure has 25767236, made with floating point; its integer formula gives 0.01 Pa less.
        #expect(pascal == 25_767_233)
        #expect(pascal >> 8 == 100_653)
        let measurement = try BME280.measurement(from: data, calibration)
        #expect(measurement.temperature == 25.08)
        #expect(abs(measurement.pressure - 1006.532_539) < 1e-5)
    }

    @Test("coefficients are read with their signs, dig_H4 and dig_H5 from their shared byte")
    func layout() throws {
        let calibration = try calibration()
        #expect(calibration.temperature == [27504, 26435, -1000])
        #expect(calibration.pressure == [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000])
        #expect(calibration.humidity == [75, 362, 0, 313, 50, 30])
        let negative = try BME280.Calibration(coefficients, humidity: [0xFF, 0xFF, 0xFF, 0xFF, 0x1E, 0x80, 0x80])
        #expect(negative.humidity == [75, -1, 255, -2, -2047, -128])
        let large = try BME280.Calibration([0xFE, 0xFF] + coefficients.dropFirst(2), humidity: humidityCoefficients)
        #expect(large.temperature[0] == 65534)
    }

    @Test(
        "the integer formulas agree with the datasheet's floating-point ones",
        arguments: [350_000, 450_000, 519_888, 600_000] as [Int32], [20_000, 26_000, 30_000, 40_000] as [Int32])
    func floatingPoint(temperature: Int32, humidity: Int32) throws {
        let calibration = try calibration()
        let exact = FloatingPointCompensation(calibration, temperature: temperature)
        let fine = calibration.fineTemperature(temperature)
        #expect(abs(Double(BME280.Calibration.hundredths(ofFine: fine)) / 100 - exact.celsius) < 0.01)
        let percent = Double(calibration.percent1024ths(humidity, fine: fine)) / 1024
        #expect(abs(percent - exact.percent(humidity)) < 0.05)
        for raw: Int32 in [250_000, 350_000, 415_148, 500_000] {
            let pascal = Double(try #require(calibration.pascal256ths(raw, fine: fine))) / 256
            #expect(abs(pascal - exact.pascal(raw)) < 1)
        }
    }

    @Test("measures: settings in one transfer, wait, coefficients, then settings and data in one transfer")
    func measure() throws {
        let bus = bus(
            [identity, loaded, start, read(0xF3, [0x08, 0x2D]), ended] + calibrations + [
                read(0xF2, [0x01, 0x00, 0x2C, 0x00, 0x00] + data)
            ])
        let measurement = try chip.measure(on: bus)
        #expect(measurement.temperature == 25.08)
        #expect((20...80).contains(measurement.humidity))
        #expect(bus.remaining == 0)
        #expect(bus.now < .milliseconds(25))
    }

    @Test("a chip that was just plugged in is given time to load its coefficients")
    func loading() throws {
        let bus = bus(
            [identity, read(0xF3, [0x01, 0x00]), loaded, start, ended] + calibrations + [
                read(0xF2, [0x01, 0x00, 0x2C, 0x00, 0x00] + data)
            ])
        _ = try chip.measure(on: bus)
        #expect(bus.remaining == 0)
    }

    @Test("a chip that is reset during a reading gives none")
    func resetMeanwhile() {
        let powerOn: [UInt8] = [0, 0, 0, 0, 0, 0x80, 0, 0, 0x80, 0, 0, 0x80, 0]
        let error = failure([identity, loaded, start, loaded] + calibrations + [read(0xF2, powerOn)])
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("was reset") == true)
    }

    @Test("what the data registers hold after power-on is no measurement")
    func nothingMeasured() throws {
        let calibration = try calibration()
        let error = #expect(throws: HardwareError.self) {
            try BME280.measurement(from: [0x80, 0, 0, 0x80, 0, 0, 0x80, 0], calibration)
        }
        #expect(error?.kind == .busError)
    }

    @Test(
        "another chip at the address is named",
        arguments: [
            (0x58, "BMP280"), (0x56, "BMP280"), (0x61, "BME680"), (0x55, "no BME280 (id 0x55)"), (0xFF, "0xff"),
        ]
            as [(UInt8, String)])
    func otherChip(id: UInt8, words: String) {
        let error = failure([read(0xD0, [id])])
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains(words) == true)
    }

    @Test("a chip that does not end its measurement, or its loading, is a timeout")
    func staysBusy() {
        let busy = Array(repeating: read(0xF3, [0x08, 0x2D]), count: 100)
        #expect(failure([identity, loaded, start] + busy)?.kind == .timeout)
        let loading = Array(repeating: read(0xF3, [0x01, 0x00]), count: 100)
        #expect(failure([identity] + loading)?.kind == .timeout)
    }

    @Test("coefficients that are all zeros or all ones are refused", arguments: [0x00, 0xFF] as [UInt8])
    func noCoefficients(byte: UInt8) {
        let error = #expect(throws: HardwareError.self) {
            try BME280.Calibration(Array(repeating: byte, count: 26), humidity: Array(repeating: byte, count: 7))
        }
        #expect(error?.kind == .busError)
    }

    @Test("too few bytes are a bus error", arguments: [0, 7, 9])
    func short(count: Int) throws {
        let calibration = try calibration()
        #expect(throws: HardwareError.self) {
            try BME280.measurement(from: Array(repeating: 0x65, count: count), calibration)
        }
        #expect(throws: HardwareError.self) {
            try BME280.Calibration(Array(repeating: 1, count: count), humidity: humidityCoefficients)
        }
    }

    @Test("values that the chip cannot measure are out of range", arguments: [0, 3] as [Int])
    func outOfRange(first: Int) throws {
        let calibration = try calibration()
        var bytes = data
        bytes.replaceSubrange(first..<first + 3, with: [0, 0, 0])
        let error = #expect(throws: HardwareError.self) { try BME280.measurement(from: bytes, calibration) }
        #expect(error?.kind == .outOfRange)
    }

    @Test("any coefficients and any data give a value in range or an error, never a crash")
    func fuzz() {
        let noise = SimulatedNoise(seed: 5)
        var index: Int64 = 0
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in
                index += 1
                return UInt8(noise.uniform(index) * 256)
            }
        }
        for round in 0..<3000 {
            let known = round.isMultiple(of: 2) ? coefficients : bytes(26)
            guard let calibration = try? BME280.Calibration(known, humidity: bytes(7)),
                let seen = try? BME280.measurement(from: bytes(8), calibration)
            else { continue }
            #expect((-40...85).contains(seen.temperature) && (300...1100).contains(seen.pressure))
            #expect((0...100).contains(seen.humidity))
        }
        for seed in 0..<500 { _ = try? chip.measure(on: NoisyI2CBus(seed: UInt64(seed))) }
    }
}

/// The datasheet's formulas in double precision (section 8.1), to check the integer ones against.
private struct FloatingPointCompensation {
    let calibration: BME280.Calibration
    let fine: Double

    init(_ calibration: BME280.Calibration, temperature raw: Int32) {
        self.calibration = calibration
        let t = calibration.temperature.map(Double.init)
        let linear = (Double(raw) / 16_384 - t[0] / 1024) * t[1]
        let difference = Double(raw) / 131_072 - t[0] / 8192
        fine = linear + difference * difference * t[2]
    }

    var celsius: Double { fine / 5120 }

    func pascal(_ raw: Int32) -> Double {
        let p = calibration.pressure.map(Double.init)
        let x = fine / 2 - 64_000
        let square = x * x * p[5] / 32_768 + x * p[4] * 2
        let offset = square / 4 + p[3] * 65_536
        let slope = (p[2] * x * x / 524_288 + p[1] * x) / 524_288
        let divisor = (1 + slope / 32_768) * p[0]
        let value = (1_048_576 - Double(raw) - offset / 4096) * 6250 / divisor
        return value + (p[8] * value * value / 2_147_483_648 + value * p[7] / 32_768 + p[6]) / 16
    }

    func percent(_ raw: Int32) -> Double {
        let h = calibration.humidity.map(Double.init)
        let x = fine - 76_800
        let warmth = 1 + h[5] / 67_108_864 * x * (1 + h[2] / 67_108_864 * x)
        let value = (Double(raw) - (h[3] * 64 + h[4] / 16_384 * x)) * (h[1] / 65_536 * warmth)
        return min(100, max(0, value * (1 - h[0] * value / 524_288)))
    }
}
