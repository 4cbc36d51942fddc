import Synchronization
import Testing

@testable import Hardware

private let start = 1_790_000_000.0
private let day = stride(from: 0.0, to: 86_400, by: 60).map { start + $0 }

@Suite("Simulated trailer")
struct SimulationTests {
    private let trailer = SimulatedTrailer(latitude: 40.7, longitude: -111.9, seed: 7)

    @Test("a day has its coldest hour before sunrise and its warmest after noon")
    func daily() throws {
        let coldest = try #require(day.min { trailer.ambientTemperature(at: $0) < trailer.ambientTemperature(at: $1) })
        let warmest = try #require(day.max { trailer.ambientTemperature(at: $0) < trailer.ambientTemperature(at: $1) })
        #expect((0...7).contains(trailer.solarHour(at: coldest)))
        #expect((12...19).contains(trailer.solarHour(at: warmest)))
    }

    @Test("the enclosure is always warmer than the air, most of all in the sun")
    func enclosure() {
        let differences = day.map { trailer.enclosureTemperature(at: $0) - trailer.ambientTemperature(at: $0) }
        #expect((differences.min() ?? 0) > 3)
        #expect((differences.max() ?? 0) > 8)
    }

    @Test("nothing jumps from one second to the next but what is switched")
    func smooth() {
        for time in day {
            #expect(abs(trailer.enclosureTemperature(at: time) - trailer.enclosureTemperature(at: time + 1)) < 0.05)
            #expect(abs(trailer.batteryVoltage(at: time) - trailer.batteryVoltage(at: time + 1)) < 0.05)
            #expect(abs(trailer.power(of: .router, at: time) - trailer.power(of: .router, at: time + 0.1)) < 0.5)
        }
    }

    @Test("the battery stays within what a 12 V battery does, and is charged by day")
    func battery() {
        let volts = day.map { trailer.batteryVoltage(at: $0) }
        #expect((volts.min() ?? 0) > 12)
        #expect((volts.max() ?? 20) < 14.6)
        #expect((volts.max() ?? 0) > 13.2)
    }

    @Test("the camera's lamps are on at night, the compressor comes and goes")
    func loads() {
        let camera = day.map { trailer.power(of: .camera, at: $0) }
        #expect(camera.contains { $0 > 12 } && camera.contains { $0 < 6 })
        let compressor = (0..<3600).map { trailer.power(of: .compressor, at: start + Double($0)) }
        let starts = zip(compressor, compressor.dropFirst()).filter { $0 < 5 && $1 > 100 }.count
        #expect((2...4).contains(starts))
    }

    @Test("noise is the same for the same seed and name, uniform, and never outside of its bounds")
    func noise() {
        let noise = SimulatedNoise(seed: 3)
        #expect(noise.uniform(5) == SimulatedNoise(seed: 3).uniform(5))
        #expect(noise.named("a").uniform(5) != noise.named("b").uniform(5))
        let values = (0..<10_000).map { noise.uniform(Int64($0)) }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.02)
        let normal = (0..<10_000).map { noise.normal(Int64($0)) }
        let variance = normal.reduce(0) { $0 + $1 * $1 } / 10_000
        #expect(abs(variance - 1) < 0.1)
        #expect(day.allSatisfy { abs(noise.wander(at: $0, period: 77)) <= 1 })
    }

    @Test("simulated chips are the real ones to the chip code, recalibration included")
    func chips() throws {
        let bus = SimulatedI2CBus(
            name: "test", clock: SimulatedClock(start: start) { .zero },
            devices: [
                0x38: SimulatedAHT(.aht20) { _ in (21.5, 43) }, 0x40: SimulatedINA260 { _ in (12.5, 25) },
                0x39: SimulatedAHT(.aht10) { _ in (-7.25, 88) }, 0x76: SimulatedBME280 { _ in (-12.34, 71, 845.5) },
                0x41: SimulatedINA219(shunt: 0.1) { _ in (12.5, -25) },
                0x44: SimulatedINA226(shunt: 0.002) { _ in (12.5, 125) },
                0x48: SimulatedADS1115(signals: [.ain1: .direct { _ in 1.25 }], noise: SimulatedNoise(seed: 1)),
            ], noise: SimulatedNoise(seed: 1))
        for _ in 0..<3 {
            let air = try AHT20().measure(on: bus)
            #expect(abs(air.temperature - 21.5) < 0.001 && abs(air.humidity - 43) < 0.001)
            let load = try INA260(address: 0x40).measure(on: bus)
            #expect(abs(load.power - 25) < 0.01 && abs(load.voltage - 12.5) < 0.001 && abs(load.current - 2) < 0.002)
            let cold = try AHT10(address: 0x39).measure(on: bus)
            #expect(abs(cold.temperature + 7.25) < 0.001 && abs(cold.humidity - 88) < 0.001)
            let weather = try BME280(address: 0x76).measure(on: bus)
            #expect(abs(weather.temperature + 12.34) < 0.01 && abs(weather.humidity - 71) < 0.02)
            #expect(abs(weather.pressure - 845.5) < 0.01)
            let charge = try INA219(address: 0x41, shunt: 0.1, maximum: 3.2).measure(on: bus)
            #expect(abs(charge.current + 2) < 0.001 && charge.voltage == 12.5 && abs(charge.power - 25) < 0.02)
            let panel = try INA226(address: 0x44, shunt: 0.002, maximum: 15).measure(on: bus)
            #expect(abs(panel.current - 10) < 0.001 && panel.voltage == 12.5 && abs(panel.power - 125) < 0.02)
            let volts = try ADS1115(address: 0x48).volts(.ain1, range: .volts2048, on: bus)
            #expect(abs(volts - 1.25) < 0.000_1)
        }
        let error = #expect(throws: HardwareError.self) { try ADS1115(address: 0x49).identify(on: bus) }
        #expect(error?.kind == .notPresent)
    }

    @Test("a load beyond its shunt's range is out of range, not the end of the range")
    func beyond() {
        let bus = SimulatedI2CBus(
            name: "test", clock: SimulatedClock(start: start) { .zero },
            devices: [
                0x41: SimulatedINA219(shunt: 0.1) { _ in (12, 48) },
                0x44: SimulatedINA226(shunt: 0.1) { _ in (12, 48) },
            ], noise: SimulatedNoise(seed: 1))
        // 4 A are 400 mV: more than either converter, and more than either current register.
        #expect(
            kind { () throws(HardwareError) in
                _ = try INA219(address: 0x41, shunt: 0.1, maximum: 3.2).measure(on: bus)
            } == .outOfRange)
        #expect(
            kind { () throws(HardwareError) in
                _ = try INA226(address: 0x44, shunt: 0.1, maximum: 0.8).measure(on: bus)
            } == .outOfRange)
        // 4 A with a calibration for 2 A: the converter reaches it, the register does not.
        #expect(
            kind { () throws(HardwareError) in
                _ = try INA219(address: 0x41, shunt: 0.05, maximum: 2).measure(on: bus)
            } == .outOfRange)
    }

    @Test(
        "a chip that is pulled and put back without its settings goes on by itself, and gives no wrong value",
        arguments: PulledChip.allCases)
    fileprivate func putBack(chip: PulledChip) throws {
        let fault = SimulatedFault(period: 100, damaged: 5, absent: 10)
        let second = Seconds()
        let bus = SimulatedI2CBus(
            name: "test", clock: SimulatedClock(start: start) { .seconds(second.value) },
            devices: [0x40: chip.simulated], faults: [0x40: fault], noise: SimulatedNoise(seed: 1))
        var seen: [HardwareError.Kind?] = []
        while second.value < 100 {
            seen.append(
                kind { () throws(HardwareError) in
                    let value = try chip.measure(on: bus)
                    #expect(abs(value - 21.5) < 0.02)
                })
            second.increment()
        }
        #expect(seen.prefix(49).allSatisfy { $0 == nil })
        #expect(seen[50..<54].allSatisfy { $0 != nil && $0 != .notPresent })
        #expect(seen[56..<64].allSatisfy { $0 == .notPresent })
        #expect(seen.suffix(34).allSatisfy { $0 == nil })
    }

    private func kind(of measure: () throws(HardwareError) -> Void) -> HardwareError.Kind? {
        do throws(HardwareError) {
            try measure()
            return nil
        } catch {
            return error.kind
        }
    }
}

/// Each chip that keeps settings, made to see 21.5 °C or 21.5 W.
private enum PulledChip: CaseIterable {
    case aht10, aht20, bme280, ina219, ina226, ina260

    var simulated: any SimulatedI2CDevice {
        switch self {
        case .aht10: SimulatedAHT(.aht10) { _ in (21.5, 43) }
        case .aht20: SimulatedAHT(.aht20) { _ in (21.5, 43) }
        case .bme280: SimulatedBME280 { _ in (21.5, 43, 1000) }
        case .ina219: SimulatedINA219(shunt: 0.1) { _ in (12.5, 21.5) }
        case .ina226: SimulatedINA226(shunt: 0.002) { _ in (12.5, 21.5) }
        case .ina260: SimulatedINA260 { _ in (12.5, 21.5) }
        }
    }

    func measure(on bus: any I2CBus) throws(HardwareError) -> Double {
        switch self {
        case .aht10: try AHT10(address: 0x40).measure(on: bus).temperature
        case .aht20: try AHT20(address: 0x40).measure(on: bus).temperature
        case .bme280: try BME280(address: 0x40).measure(on: bus).temperature
        case .ina219: try INA219(address: 0x40, shunt: 0.1, maximum: 3.2).measure(on: bus).power
        case .ina226: try INA226(address: 0x40, shunt: 0.002, maximum: 5).measure(on: bus).power
        case .ina260: try INA260(address: 0x40).measure(on: bus).power
        }
    }
}

private final class Seconds: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}
