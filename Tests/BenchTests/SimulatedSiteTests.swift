import Bench
import Testing

/// The simulated chips against the kernel's own drivers, which know nothing of the bench.
@Suite("The simulated site", .bench)
struct SimulatedSiteTests {
    @Test("the kernel's drivers read what was set")
    func drivers() async throws {
        try await Bench.resume { bench in
            try await bench.oneWire.plug("28-0000075ff6b1", celsius: -10.125)
            let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x49)
            try await adc.set(1, .dc(volts: 1.25))
            let ina219 = try await bench.i2c.plug(SimulatedINA219.self, at: 0x41)
            try await ina219.set(volts: 12, amperes: 2, shunt: 0.01)
            let ina226 = try await bench.i2c.plug(SimulatedINA226.self, at: 0x44)
            try await ina226.set(volts: 13.8, amperes: 2, shunt: 0.01)
            let air = try await bench.i2c.plug(SimulatedBME280.self, at: 0x76)
            try await air.set(celsius: 25.08, percent: 47.3, pascal: 100_653)
            for (chip, module) in [("ads1115", "ti-ads1015"), ("ina219", "ina2xx-adc"), ("ina226", "ina2xx-adc")] {
                try await bench.run("modprobe \(module) || true; echo \(chip)")
            }
            try await adc.bindDriver("ti-ads1015")
            try await ina219.bindDriver("ina2xx-adc")
            try await ina226.bindDriver("ina2xx-adc")
            try await air.bindDriver("bmp280-i2c")

            func file(_ address: String, _ name: String) async throws -> Double? {
                Double(try await bench.run("cat /sys/bus/i2c/devices/1-00\(address)/iio:device*/\(name)"))
            }
            #expect(try await bench.run("cat /sys/bus/w1/devices/28-0000075ff6b1/temperature") == "-10125")
            // 1.25 V at the driver's ±2.048 V.
            #expect(try await file("49", "in_voltage1_raw") == 20_000)
            // 10 µV, 4 mV; 2.5 µV, 1.25 mV.
            #expect(try await file("41", "in_voltage0_raw") == 2_000)
            #expect(try await file("41", "in_voltage1_raw") == 3_000)
            #expect(try await file("44", "in_voltage0_raw") == 8_000)
            #expect(try await file("44", "in_voltage1_raw") == 11_040)
            // The first read after the driver wakes the chip finds nothing measured yet, as on a real one.
            try await eventually("the BME280 has measured") { (try? await file("76", "in_temp_input")) != nil }
            #expect(try await file("76", "in_temp_input") == 25_080)
            let pressure = try #require(try await file("76", "in_pressure_input"))
            #expect(abs(pressure - 100.653) < 0.002)
            let humidity = try #require(try await file("76", "in_humidityrelative_input"))
            #expect(abs(humidity - 47_300) < 20)
        }
    }

    @Test("a relay expander keeps its latches and counts what it switches")
    func expander() async throws {
        try await Bench.resume { bench in
            let expander = try await bench.i2c.plug(SimulatedMCP23017.self, at: 0x20)
            // Latches first, then direction: no line passes through a wrong level.
            try await bench.run("i2cset -y 1 0x20 0x14 0x05; i2cset -y 1 0x20 0x00 0xf0")
            #expect(try await expander.outputs() == 0x0005)
            #expect(try await expander.changes() == 2)
            try await expander.set(inputs: 0xA500)
            #expect(try await bench.run("i2cget -y 1 0x20 0x13") == "0xa5")
            try await expander.powerCycle()
            #expect(try await expander.outputs() == 0)
        }
    }

    @Test(
        "a chip's faults are the kernel's errors",
        arguments: [
            (ChipFault.nack, "Read failed"), (.timeout, "Read failed"), (.flip, "0x31"), (.none, "0x21"),
        ])
    func faults(fault: ChipFault, answer: String) async throws {
        try await Bench.resume { bench in
            let expander = try await bench.i2c.plug(SimulatedMCP23017.self, at: 0x20)
            try await bench.run("i2cset -y 1 0x20 0x00 0x21")
            try await expander.fault(fault)
            let run = try await bench.status("i2cget -y 1 0x20 0x00")
            #expect((run.output + run.error).contains(answer))
        }
    }
}
