import Platform
import TestSupport
import Testing

@testable import Hardware

@Suite("Scan: a whole bus")
struct ScanBusTests {
    private static let clock = SimulatedClock(start: 1_790_000_000) { .zero }

    @Test("all simulated chips are found, and nothing else")
    func simulated() async throws {
        let buses = Buses.simulated(
            [
                .aht20(bus: 1, address: 0x38) { _ in (24.6, 55) }, .aht10(bus: 1, address: 0x39) { _ in (24.6, 55) },
                .ina260(bus: 1, address: 0x40) { _ in (12, 9) },
                .ina219(bus: 1, address: 0x41, shunt: 0.1) { _ in (12, 9) },
                .ina226(bus: 1, address: 0x44, shunt: 0.1) { _ in (12, 9) },
                .ads1115(bus: 1, address: 0x48, signals: [.ain1: .direct { _ in 1.2 }]),
                .bme280(bus: 1, address: 0x76) { _ in (20, 50, 1000) }, .ina260(bus: 3, address: 0x40) { _ in (12, 9) },
            ], clock: Self.clock)
        #expect(buses.i2cNumbers == [1, 3])
        let found = try await buses.i2c(1).run(within: .seconds(10)) { scan($0).found }
        let chips = found.compactMap { found -> ReadableChip? in
            if case .chip(let identity) = found.answer { identity.chip } else { nil }
        }
        #expect(found.map(\.address) == [0x38, 0x39, 0x40, 0x41, 0x44, 0x48, 0x76])
        #expect(chips == [.aht20, .aht10, .ina260, .ina219, .ina226, .ads1115, .bme280])
    }

    @Test("a stuck bus is told after two addresses, in one sentence")
    func stuck() {
        let bus = RegisterBus()
        for address in I2CProbe.addresses { bus.failures[address] = HardwareError(.timeout, "no end") }
        let result = scan(bus)
        #expect(result.fault?.kind == .timeout)
        #expect(result.fault?.sentence.hasPrefix("/dev/i2c-9 is stuck: no transfer ends.") == true)
        #expect(result.found.isEmpty)
        #expect(bus.asked.count == 2)
    }

    @Test("a bus that is not there or not permitted is told with its own sentence")
    func missing() {
        let bus = RegisterBus()
        for address in I2CProbe.addresses { bus.failures[address] = HardwareError(.busError, "it is not there") }
        #expect(scan(bus).fault?.sentence == "it is not there")
    }

    @Test("one chip that holds the clock is one chip, and the others are found")
    func oneBadChip() {
        let chip = RegisterBus.Chip(width: .words, registers: [0: 0x6127, 0xFE: 0x5449, 0xFF: 0x2270])
        let bus = RegisterBus([0x40: chip])
        bus.failures[0x38] = HardwareError(.timeout, "no end")
        let result = scan(bus)
        #expect(result.fault == nil)
        #expect(result.found.map(\.address) == [0x38, 0x40])
        #expect(result.found.first?.answer == .failure(HardwareError(.timeout, "no end")))
    }

    @Test("an address that a driver holds is not asked at all")
    func driver() {
        let bus = RegisterBus([0x68: .init(width: .bytes, registers: [:])])
        bus.drivers[0x68] = "rtc-ds1307"
        #expect(scan(bus).found == [.init(address: 0x68, answer: .held(driver: "rtc-ds1307"))])
        #expect(!bus.asked.contains(0x68))
    }
}

@Suite("Scan: 1-Wire")
struct ScanOneWireTests {
    private static let good = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n"

    private func probe(_ address: String, _ answers: [String: [ScriptedOneWireBus.Answer]]) -> FoundSlave {
        let bus = ScriptedOneWireBus(answers) { Issue.record("\($0)") }
        return OneWireProbe.probe(address, on: bus)
    }

    @Test("a probe tells its temperature, its resolution and how it is supplied", arguments: ["0\n", "1\n"])
    func thermometer(power: String) throws {
        let address = "28-0000075ff6b1"
        let slave = probe(
            address, ["\(address)/w1_slave": [.text(Self.good)], "\(address)/ext_power": [.text(power)]])
        let look = try #require(try slave.reading?.get())
        #expect(slave.name == "DS18B20")
        #expect(look.celsius == .success(23.125))
        #expect(look.identity.resolution == 12)
        #expect(look.identity.isParasitePowered == (power == "0\n"))
    }

    @Test("the power-on value is a probe without a temperature")
    func powerOn() throws {
        let address = "28-0000075ff6b1"
        let text = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n"
        let slave = probe(address, ["\(address)/w1_slave": [.text(text)], "\(address)/ext_power": [.text("1\n")]])
        guard case .failure(let error) = try slave.reading?.get().celsius else {
            Issue.record("no temperature")
            return
        }
        #expect(error.kind == .outOfRange)
    }

    @Test("a probe that gives garbage is there, with the reason")
    func garbage() {
        let address = "28-0000075ff6b1"
        for text in ["", "nonsense", "zz zz", String(repeating: "ff ", count: 9) + ": crc=c9 NO\n"] {
            let slave = probe(
                address, ["\(address)/w1_slave": [.text(text)], "\(address)/resolution": [.text("-5\n")]])
            #expect(slave.name == "DS18B20")
            #expect(throws: HardwareError.self) { try slave.reading?.get() }
        }
    }

    @Test("other families are named, phantoms of a line without its resistor are told")
    func families() {
        #expect(probe("10-000802b4a1c3", [:]).name == "DS18S20")
        #expect(probe("26-000802b4a1c3", [:]).name == "DS2438")
        #expect(probe("7f-000802b4a1c3", [:]).name == nil)
        #expect(probe("10-000802b4a1c3", [:]).reading == nil)
        #expect(probe("00-800000000000", [:]).note?.contains("4.7 kΩ") == true)
    }
}
