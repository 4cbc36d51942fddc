import Bench
import Site
import Testing

/// Chips on I2C: kernel → `picli serve` → API.
@Suite("Sensing: I2C", .bench)
struct SensingI2CTests {
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V, interval: 1s }
          - { id: cabin, chip: aht20, bus: 1, address: 0x38, interval: 1s }
          - { id: camera-load, chip: ina260, bus: 1, address: 0x40, interval: 1s }
        """

    private struct Chips {
        let adc: SimulatedADS1115
        let air: SimulatedAHT20
        let load: SimulatedINA260

        init(on bench: Bench) async throws {
            adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
            air = try await bench.i2c.plug(SimulatedAHT20.self, at: 0x38)
            load = try await bench.i2c.plug(SimulatedINA260.self, at: 0x40)
            try await adc.set(1, .dc(volts: 1.2))
            try await air.set(celsius: 24.6, percent: 55)
            try await load.set(volts: 12, amperes: 0.75)
        }
    }

    @Test("every chip gives the value that is at its pins")
    func values() async throws {
        try await Bench.resume { bench in
            let chips = try await Chips(on: bench)
            try await bench.unit.start(site: Self.site)
            // Half a step of each converter: 125 µV × 11; 200 °C and 100 % over 2²⁰; 1.25 mV, 1.25 mA, 10 mW.
            try await bench.unit.value("battery.voltage", 13.2, plusMinus: 0.0014)
            try await bench.unit.value("cabin.temperature", 24.6, plusMinus: 0.001)
            try await bench.unit.value("cabin.humidity", 55, plusMinus: 0.001)
            try await bench.unit.value("camera-load.voltage", 12, plusMinus: 0.00125)
            try await bench.unit.value("camera-load.current", 0.75, plusMinus: 0.00125)
            try await bench.unit.value("camera-load.power", 9, plusMinus: 0.02)
            try await chips.adc.set(1, .dc(volts: -0.05))
            try await bench.unit.value("battery.voltage", -0.55, plusMinus: 0.0014)
            try await chips.air.set(celsius: -39.5, percent: 99)
            try await bench.unit.value("cabin.temperature", -39.5, plusMinus: 0.001)
            try await chips.load.set(volts: 30, amperes: -3)
            try await bench.unit.value("camera-load.current", -3, plusMinus: 0.00125)
        }
    }

    @Test("every fault of a chip has its reason, leaves the others alone and is over when it is over")
    func faults() async throws {
        try await Bench.resume { bench in
            let chips = try await Chips(on: bench)
            try await bench.unit.start(site: Self.site)
            let sensors: [(any SimulatedChip, String, Double)] = [
                (chips.adc, "battery.voltage", 13.2), (chips.air, "cabin.temperature", 24.6),
                (chips.load, "camera-load.voltage", 12),
            ]
            for (chip, name, value) in sensors { try await wait(name, value, chip, on: bench) }
            for (chip, name, value) in sensors {
                for (fault, reason) in [
                    (ChipFault.nack, NoData.Reason.notPresent), (.timeout, .timeout), (.busy, .timeout),
                ] {
                    try await chip.fault(fault)
                    let noData = try await bench.unit.noData(name)
                    #expect(noData?.reason == reason, "\(name) \(fault): \(String(describing: noData))")
                    #expect(noData?.detail?.isEmpty == false)
                    for (_, other, value) in sensors where other != name {
                        try await bench.unit.value(other, value, plusMinus: 0.002)
                    }
                    try await chip.fault(.none)
                    try await wait(name, value, chip, on: bench)
                }
            }
        }
    }

    private func wait(_ name: String, _ value: Double, _ chip: any SimulatedChip, on bench: Bench) async throws {
        try await bench.unit.value(name, value, plusMinus: 0.002)
    }

    @Test("a damaged answer of a chip with a checksum is never a value")
    func checksum() async throws {
        try await Bench.resume { bench in
            let chips = try await Chips(on: bench)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("cabin.temperature", 24.6)
            try await chips.air.fault(.flip)
            let noData = try await bench.unit.noData("cabin.temperature")
            #expect(noData?.reason == .badChecksum, "\(String(describing: noData))")
        }
    }

    @Test("a chip that lost its power for a moment is set up again")
    func powerCycle() async throws {
        try await Bench.resume { bench in
            let chips = try await Chips(on: bench)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("cabin.temperature", 24.6)
            for chip in [chips.adc, chips.air, chips.load] as [any SimulatedChip] { try await chip.powerCycle() }
            try await chips.adc.set(1, .dc(volts: 1.1))
            try await chips.air.set(celsius: 20, percent: 40)
            try await chips.load.set(volts: 11, amperes: 1)
            try await bench.unit.value("battery.voltage", 12.1, plusMinus: 0.0014)
            try await bench.unit.value("cabin.temperature", 20)
            try await bench.unit.value("camera-load.voltage", 11, plusMinus: 0.00125)
        }
    }

    @Test("a stuck bus is a timeout of its chips, delays no 1-Wire probe, and heals")
    func stuck() async throws {
        try await Bench.resume { bench in
            _ = try await Chips(on: bench)
            let probe = try await bench.oneWire.plug("28-0000075ff6b1", celsius: 20)
            try await bench.unit.start(
                site: Self.site + "\n  - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1, interval: 1s }")
            try await bench.unit.value("battery.voltage", 13.2, plusMinus: 0.0014)
            try await bench.i2c.stick(true)
            for name in ["battery.voltage", "cabin.temperature", "camera-load.voltage"] {
                let noData = try await bench.unit.noData(name)
                #expect(noData?.reason == .timeout, "\(name): \(String(describing: noData))")
            }
            try await probe.set(celsius: 30)
            try await bench.unit.value("enclosure.temperature", 30, within: .seconds(8))
            try await bench.i2c.stick(false)
            try await bench.unit.value("battery.voltage", 13.2, plusMinus: 0.0014)
        }
    }

    @Test("a kernel driver that holds the chip is named")
    func driver() async throws {
        try await Bench.resume { bench in
            let chips = try await Chips(on: bench)
            try await chips.adc.bindDriver("ti-ads1015")
            try await bench.unit.start(site: Self.site)
            let noData = try await bench.unit.noData("battery.voltage")
            #expect(noData?.reason == .busError)
            #expect(noData?.detail?.contains("ads1015") == true, "\(String(describing: noData))")
            try await bench.unit.value("cabin.temperature", 24.6)
        }
    }

    @Test("without the bus every chip says what to put into config.txt")
    func noBus() async throws {
        try await Bench.resume { bench in
            try await bench.i2c.remove()
            try await bench.unit.start(site: Self.site)
            let noData = try await bench.unit.noData("cabin.temperature")
            #expect(noData?.reason == .busError)
            #expect(noData?.detail?.contains("dtparam=i2c_arm=on") == true, "\(String(describing: noData))")
        }
    }

    @Test("without the group every chip says which one is missing")
    func noGroup() async throws {
        try await Bench.resume { bench in
            _ = try await Chips(on: bench)
            try await bench.run(
                """
                d=/run/systemd/system/picli.service.d; mkdir -p $d
                printf '[Service]\\nSupplementaryGroups=\\n' > $d/no-groups.conf; systemctl daemon-reload
                """)
            try await bench.unit.start(site: Self.site)
            let noData = try await bench.unit.noData("cabin.temperature")
            #expect(noData?.reason == .busError)
            #expect(noData?.detail?.contains("group i2c") == true, "\(String(describing: noData))")
        }
    }
}
