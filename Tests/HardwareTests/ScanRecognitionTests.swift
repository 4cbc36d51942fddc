import TestSupport
import Testing

@testable import Hardware

private func identity(_ address: UInt8, _ chip: RegisterBus.Chip) -> ChipIdentity? {
    guard case .chip(let identity) = I2CProbe.probe(address, on: RegisterBus([address: chip])) else { return nil }
    return identity
}

private func words(_ registers: [UInt8: UInt16]) -> RegisterBus.Chip { .init(width: .words, registers: registers) }

private func bytes(_ bytes: [UInt8], from first: UInt8 = 0, count: Int = 256) -> RegisterBus.Chip {
    var registers: [UInt8: UInt16] = [:]
    for (index, byte) in bytes.enumerated() { registers[first + UInt8(index)] = UInt16(byte) }
    return .init(width: .bytes, registers: registers, count: count)
}

@Suite("Scan: which chip it is")
struct ScanRecognitionTests {
    @Test(
        "power monitors say it themselves, whatever their revision",
        arguments: [
            (0x4127, 0x2260, "INA226", .ina226), (0x4727, 0x2261, "INA226", .ina226),
            (0x6127, 0x2270, "INA260", .ina260), (0x7127, 0x3220, "INA3221", nil),
        ] as [(UInt16, UInt16, String, ReadableChip?)])
    func monitors(configuration: UInt16, die: UInt16, name: String, chip: ReadableChip?) {
        let found = identity(0x41, words([0: configuration, 0xFE: 0x5449, 0xFF: die]))
        #expect(found?.certainty == .certain)
        #expect(found?.names == [name])
        #expect(found?.chip == chip)
    }

    @Test("an INA219 is likely by its settings after power-on or by ours, and else only its address speaks for it")
    func ina219() {
        #expect(identity(0x40, words([0: 0x399F]))?.chip == .ina219)
        #expect(identity(0x40, words([0: 0x399F]))?.certainty == .likely)
        #expect(identity(0x40, words([0: 0x2FFF, 5: 16776]))?.chip == .ina219)
        #expect(identity(0x40, words([0: 0x019F, 5: 4096]))?.chip == nil)
        #expect(identity(0x40, words([0: 0x399F, 5: 4097]))?.certainty == .unknown)
        #expect(identity(0x40, words([0: 0x019F]))?.names.first == "INA219")
    }

    @Test("an ADS1115 is likely by its thresholds, at rest and at work; a TMP102 at the same address is none")
    func converter() {
        for configuration: UInt16 in [0x8583, 0x88E3, 0x08E3] {
            let found = identity(0x48, words([1: configuration, 2: 0x8000, 3: 0x7FFF]))
            #expect(found?.chip == .ads1115)
            #expect(found?.certainty == .likely)
        }
        let thermometer = identity(0x48, words([0: 0x1900, 1: 0x60A0, 2: 0x4B00, 3: 0x5000]))
        #expect(thermometer?.chip == nil)
        #expect(thermometer?.names.first == "TMP102")
    }

    @Test("a power monitor is also found where an ADS1115 could sit")
    func sharedAddress() {
        #expect(identity(0x4A, words([0: 0x6127, 0xFE: 0x5449, 0xFF: 0x2270]))?.chip == .ina260)
    }

    @Test("a BME280 is certain by identity and coefficients; its relatives are named and not read")
    func weather() {
        var registers = bytes(SimulatedBME280.coefficients, from: 0x88).registers
        for (index, byte) in SimulatedBME280.humidityCoefficients.enumerated() {
            registers[0xE1 + UInt8(index)] = UInt16(byte)
        }
        registers[0xD0] = 0x60
        #expect(identity(0x76, .init(width: .bytes, registers: registers))?.chip == .bme280)
        #expect(identity(0x76, .init(width: .bytes, registers: registers))?.certainty == .certain)
        #expect(identity(0x76, bytes([0x60], from: 0xD0))?.certainty == .unknown)
        #expect(identity(0x77, bytes([0x58], from: 0xD0))?.names == ["BMP280"])
        #expect(identity(0x77, bytes([0x61], from: 0xD0))?.names == ["BME680"])
        #expect(identity(0x77, bytes([0x58], from: 0xD0))?.chip == nil)
    }

    @Test("a MCP23017 is likely, fresh and at work")
    func expander() {
        let fresh = [UInt8](repeating: 0xFF, count: 2) + [UInt8](repeating: 0, count: 20)
        #expect(identity(0x20, bytes(fresh, count: 22))?.names == ["MCP23017"])
        var busy = fresh
        busy[0] = 0
        busy[0x14] = 0x05
        #expect(identity(0x27, bytes(busy, count: 22))?.names == ["MCP23017"])
        busy[0x0A] = 0x02
        #expect(identity(0x27, bytes(busy, count: 22))?.certainty == .unknown)
    }

    @Test("a DS3231 is likely by a time that can be")
    func clock() {
        let time: [UInt8] = [0x59, 0x30, 0x23, 0x01, 0x28, 0x91, 0x26, 0, 0, 0, 0, 0, 0, 0, 0x1C, 0x88, 0, 0x19, 0xC0]
        #expect(identity(0x68, bytes(time))?.names == ["DS3231"])
        for (register, byte) in [(0, 0x60), (1, 0x0A), (3, 0x00), (5, 0x13), (0x12, 0x01)] as [(Int, UInt8)] {
            var other = time
            other[register] = byte
            #expect(identity(0x68, bytes(other))?.certainty == .unknown, "\(register)")
        }
    }

    @Test("ports are never written to, whatever they show", arguments: [0x20, 0x27, 0x38, 0x39, 0x3C, 0x3F] as [UInt8])
    func ports(address: UInt8) {
        for state: UInt16 in [0x00, 0x18, 0x60, 0xFF] {
            let bus = RegisterBus([address: .init(width: .port, registers: [0: state])])
            guard case .chip(let identity) = I2CProbe.probe(address, on: bus) else {
                Issue.record("it answers")
                continue
            }
            #expect(identity.certainty == .unknown)
            #expect(bus.writes.isEmpty)
        }
    }

    @Test("memories and everything at an address without a chip of ours are read only")
    func readOnly() {
        for address in I2CProbe.addresses
        where !(0x40...0x4F).contains(address) && ![0x68, 0x76, 0x77].contains(address) {
            let bus = RegisterBus([address: .init(width: .port, registers: [0: 0x5A])])
            _ = I2CProbe.probe(address, on: bus)
            #expect(bus.writes.isEmpty, "\(hex(address))")
        }
    }

    @Test("a multiplexer keeps its channels")
    func multiplexer() {
        let bus = RegisterBus([0x76: .init(width: .port, registers: [0: 0x04])])
        #expect(I2CProbe.probe(0x76, on: bus) == .chip(.init(.unknown, named: ["TCA9548A multiplexer"])))
        #expect(bus.chips[0x76]?.registers[0] == 0x04)
    }

    @Test("random bytes are never certain, and nothing crashes")
    func noise() {
        for seed in UInt64(1)...60 {
            let bus = NoisyI2CBus(seed: seed)
            for address in I2CProbe.addresses {
                guard case .chip(let identity) = I2CProbe.probe(address, on: bus) else { continue }
                #expect(identity.certainty != .certain, "\(seed) \(hex(address)) \(identity)")
            }
        }
    }

    @Test("a data line that is held is no chip anywhere", arguments: [0x00, 0xFF] as [UInt8])
    func held(level: UInt8) {
        let bus = NoisyI2CBus(constant: level)
        for address in I2CProbe.addresses {
            guard case .chip(let identity) = I2CProbe.probe(address, on: bus) else { continue }
            #expect(identity.certainty == .unknown, "\(hex(address)) \(identity)")
        }
        #expect(scan(bus).fault?.sentence.contains("SDA is held low") == true)
        #expect(scan(bus).found.isEmpty)
    }
}
