import Testing

@testable import Site

/// Entries that are written for people to paste.
@Suite("Sensors as lines of a site file")
struct SensorLineTests {
    private static let place = I2CLocation(bus: 1, address: 0x48)

    static let sensors: [SensorConfiguration] = [
        .init(id: "probe-1", chip: .ds18b20(address: "28-0000075ff6b1")),
        // An address of digits alone must stay a text.
        .init(id: "probe-2", chip: .ds18b20(address: "28-000000000012")),
        .init(id: "air", name: "Air: \"in\" the {box}", chip: .aht20(.init(bus: 1, address: 0x38))),
        .init(id: "air-2", chip: .aht10(.init(bus: 3, address: 0x39)), interval: .seconds(90), isEnabled: false),
        .init(
            id: "weather-0x76", chip: .bme280(.init(bus: 1, address: 0x76)), calibration: .init(gain: 1, offset: -0.5)),
        .init(id: "load-0x40", chip: .ina260(.init(bus: 1, address: 0x40))),
        .init(id: "load-0x41", chip: .ina219(.init(bus: 1, address: 0x41), .init(resistance: 0.1, maximum: 3.2))),
        .init(id: "load-0x44", chip: .ina226(.init(bus: 1, address: 0x44), .init(resistance: 0.002, maximum: 40))),
        .init(
            id: "battery",
            chip: .ads1115(place, .init(input: .ain1, range: 4.096, mode: .direct(scale: 11, unit: .volt), vdd: 5))),
        .init(
            id: "tank",
            chip: .ads1115(
                place, .init(input: .ain2, range: 2.048, mode: .direct(scale: -0.5, unit: Unit(rawValue: "L/min"))))),
        .init(
            id: "router-current",
            chip: .ads1115(
                place,
                .init(
                    input: .ain0ain3, range: 0.256,
                    mode: .clamp(.init(turns: 3000, burden: 300, passes: 2, supply: 120))))),
    ]

    @Test("every line reads back to its sensor, all of them together without a finding")
    func roundTrip() throws {
        let lines = Self.sensors.map { "  \($0.line)  # a comment\n" }.joined()
        let result = SiteFile.parse("site: { name: Test }\nsensors:\n" + lines)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(result.value?.sensors == Self.sensors)
    }

    @Test("what is a default is left out")
    func short() {
        #expect(Self.sensors[0].line == "- { id: probe-1, chip: ds18b20, address: 28-0000075ff6b1 }")
        #expect(Self.sensors[5].line == "- { id: load-0x40, chip: ina260, bus: 1, address: 0x40 }")
        #expect(
            Self.sensors[6].line
                == "- { id: load-0x41, chip: ina219, bus: 1, address: 0x41, shunt: 0.1, max_current: 3.2 }")
    }
}
