import TestSupport
import Testing

@testable import Hardware

/// The registers as `sensors read --verbose` explains them.
@Suite("Registers in words")
struct RegisterTests {
    @Test("ADS1115: the words of its datasheet")
    func ads1115() {
        #expect(
            ADS1115.meaning(ofConfiguration: 0x8583)
                == "AIN0-AIN1, ±2.048 V, 128 samples/s, single-shot, idle, comparator off")
        #expect(
            ADS1115.meaning(ofConfiguration: 0x08E3)
                == "AIN0-AIN1, ±0.512 V, 860 samples/s, continuous, converting, comparator off")
        #expect(ADS1115.meaning(ofConversion: 0x7FFF, under: 0x8583) == "2.047938 V")
        #expect(ADS1115.meaning(ofConversion: 0x8000, under: 0x8583) == "-2.048000 V")
        // PGA 111 is ±0.256 V, as 101 is.
        #expect(ADS1115.meaning(ofConversion: 0x0001, under: 0x8F83) == "0.000008 V")
    }

    @Test("INA219: the example of its datasheet")
    func ina219() throws {
        let chip = try INA219(address: 0x40, shunt: 0.002, maximum: 15)
        #expect(chip.meaning(of: .shunt, 0x07D0) == "20.00 mV")
        #expect(chip.meaning(of: .shunt, 0xF830) == "-20.00 mV")
        #expect(chip.meaning(of: .voltage, 0x5D9A) == "11.980 V, ready")
        #expect(chip.meaning(of: .voltage, 0x5D99) == "11.980 V, not ready, overflow")
        #expect(chip.meaning(of: .calibration, 0) == "not calibrated: power and current are 0")
        #expect(chip.meaning(of: .calibration, chip.calibration.word) == "that of the declared shunt")
        #expect(chip.meaning(of: .configuration, 0x399F).hasPrefix("32 V, ±320 mV over the shunt"))
        #expect(
            chip.meaning(of: .configuration, 0x399F).hasSuffix("current and voltage continuously, as after power-on"))
        #expect(chip.meaning(of: .configuration, chip.configuration).hasSuffix("as picli sets it"))
    }

    @Test("INA226 and INA260: identity, means and flags")
    func newer() throws {
        let chip = try INA226(address: 0x40, shunt: 0.002, maximum: 15)
        #expect(chip.meaning(of: .configuration, 0x4127) == "no mean, current and voltage continuously")
        #expect(chip.meaning(of: .configuration, 0x4720) == "mean of 64, asleep")
        #expect(chip.meaning(of: .die, 0x2261) == "INA226, revision 1")
        #expect(chip.meaning(of: .mask, 0x000C) == "ready, overflow")
        #expect(chip.meaning(of: .shunt, 0x1F40) == "20.0000 mV")
        #expect(chip.meaning(of: .voltage, 0x2570) == "11.98000 V")
        #expect(INA260.meaning(of: .current, 0x2710) == "12.50000 A")
        #expect(INA260.meaning(of: .voltage, 0x2570) == "11.98000 V")
        #expect(INA260.meaning(of: .die, 0x2260) == "no INA260")
        #expect(INA260.meaning(of: .mask, 0) == "not ready")
    }

    @Test("AHT20: status, both values and the checksum")
    func aht20() {
        let bytes: [UInt8] = [0x1C, 0x80, 0x00, 0x05, 0x80, 0x00]
        let values = AHT.registers(of: bytes + [CRC8.aosong(bytes)])
        #expect(
            values.map(\.meaning) == [
                "idle, calibrated", "50.000 % (first 20 bits)", "18.750 °C (last 20 bits)", "right",
            ])
        #expect(values.map(\.hexText).prefix(3) == ["0x1c", "0x800005", "0x058000"])
        #expect(AHT.registers(of: bytes + [0]).last?.meaning == "wrong")
        #expect(AHT.registers(of: bytes).count == 3)
        #expect(AHT.meaning(ofStatus: 0x80) == "measuring, not calibrated")
    }

    @Test("BME280: settings and the empty measurement")
    func bme280() {
        #expect(BME280.meaning(of: .identity, [0x60]) == "BME280")
        #expect(BME280.meaning(of: .control, [0x2C]) == "temperature x1, pressure x4, asleep")
        #expect(BME280.meaning(of: .status, [0x09]) == "measuring, loading its coefficients")
        #expect(BME280.meaning(of: .data, [0x80, 0, 0, 0x80, 0, 0, 0x80, 0]) == "nothing measured yet")
        #expect(
            BME280.meaning(of: .data, [0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x75, 0x30]) == "raw 415148, 519888, 30000")
    }

    @Test("DS18B20: the scratchpad of its datasheet")
    func ds18b20() throws {
        let text = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n"
        let values = DS18B20.registers(of: try DS18B20.scratchpad(from: Array(text.utf8)))
        #expect(values.map(\.hexText) == ["0x7201", "0x4b", "0x46", "0x7f", "0xff0e10", "0x57"])
        #expect(values.first?.meaning == "23.1250 °C")
        #expect(values[3].meaning == "12 bits")
    }

    @Test("every chip's registers are read on the bus, and garbage on it is no crash")
    func garbage() throws {
        for seed in UInt64(1)...40 {
            let bus = NoisyI2CBus(seed: seed)
            _ = try? ADS1115(address: 0x48).registers(on: bus)
            _ = try? AHT10(address: 0x38).registers(on: bus)
            _ = try? AHT20().registers(on: bus)
            _ = try? BME280(address: 0x76).registers(on: bus)
            _ = try? INA219(address: 0x40, shunt: 0.1, maximum: 3.2).registers(on: bus)
            _ = try? INA226(address: 0x40, shunt: 0.1, maximum: 0.8).registers(on: bus)
            _ = try? INA260(address: 0x40).registers(on: bus)
        }
    }
}
