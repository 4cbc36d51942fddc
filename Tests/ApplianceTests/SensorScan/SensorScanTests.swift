import Hardware
import Site
import Testing

@testable import Appliance

private let time = Timestamp(wall: 1_790_000_000_000, boot: 1, monotonic: 60_000, isTrusted: true)

private let chips: [SensorConfiguration] = [
    .init(id: "enclosure", chip: .ds18b20(address: "28-0000075ff6b1")),
    .init(id: "outside", chip: .ds18b20(address: "28-0000075ff6b2"), calibration: .init(gain: 1, offset: -0.5)),
    .init(id: "air", chip: .aht20(.init(bus: 1, address: 0x38))),
    .init(id: "camera-power", chip: .ina260(.init(bus: 1, address: 0x40))),
    .init(id: "router-power", chip: .ina219(.init(bus: 1, address: 0x41), .init(resistance: 0.1, maximum: 3.2))),
    .init(id: "solar", chip: .ina226(.init(bus: 1, address: 0x44), .init(resistance: 0.002, maximum: 20))),
    .init(
        id: "battery",
        chip: .ads1115(
            .init(bus: 1, address: 0x48), .init(input: .ain1, range: 4.096, mode: .direct(scale: 11, unit: .volt)))),
    .init(id: "weather-outside", chip: .bme280(.init(bus: 1, address: 0x76))),
    .init(id: "cabin", chip: .aht20(.init(bus: 3, address: 0x38))),
]

private func buses(_ sensors: [SensorConfiguration] = chips) -> Buses {
    .simulated(
        for: sensors, at: SiteDescription(name: "Trailer 42"),
        clock: SimulatedClock(start: 1_790_000_000) { .seconds(60) })
}

private func scan(
    _ sensors: [SensorConfiguration], on buses: Buses = buses(), taken: Set<String> = [], only: Int? = nil
) async throws -> ScanReport {
    try await SensorScan(buses, sensors: sensors, taken: taken, time: time).run(only: only)
}

@Suite("Sensor scan")
struct SensorScanTests {
    @Test("the proposals for everything that is found are a site file as they stand, and can be read")
    func proposals() async throws {
        let report = try await scan([])
        let lines = report.proposals.map { "  \($0.line)\n" }.joined()
        let result = SiteFile.parse("site: { name: Test }\nsensors:\n" + lines)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(
            report.proposals.map(\.id) == [
                "air-0x38", "load-0x40", "load-0x41", "load-0x44", "input-0x48-ain0", "input-0x48-ain1",
                "input-0x48-ain2", "input-0x48-ain3", "weather-0x76", "air-0x38-bus3", "probe-1", "probe-2",
            ])
        #expect(report.missing.isEmpty)
        let readings = report.buses.flatMap(\.found).flatMap(\.readings)
        #expect(readings.allSatisfy { $0.value != nil }, "\(readings)")
        // What is pasted is found again, all of it.
        let sensors = try #require(result.value).sensors
        let again = try await scan(sensors)
        #expect(again.proposals.isEmpty)
        #expect(again.missing.isEmpty)
        #expect(again.buses.flatMap(\.found).flatMap(\.sensors).sorted() == sensors.map(\.id).sorted())
    }

    @Test("what is in the site file has its id and its calibrated value, and no proposal")
    func known() async throws {
        let report = try await scan(chips)
        #expect(report.proposals.isEmpty)
        #expect(report.missing.isEmpty)
        #expect(report.simulated)
        let found = report.buses.flatMap(\.found)
        #expect(found.first { $0.address == "0x48" }?.sensors == ["battery"])
        let plain = try await scan([]).buses.flatMap(\.found).first { $0.address == "28-0000075ff6b2" }
        let outside = found.first { $0.address == "28-0000075ff6b2" }
        let (before, after) = (
            try #require(plain?.readings.first?.value), try #require(outside?.readings.first?.value)
        )
        #expect(abs(after - (before - 0.5)) < 1e-9)
        #expect(outside?.resolution == 12)
        #expect(outside?.parasitePowered == false)
    }

    @Test("what of the site file is not there is listed with its reason; what is switched off is not")
    func missing() async throws {
        var sensors = chips
        sensors.append(.init(id: "gone", chip: .bme280(.init(bus: 1, address: 0x77))))
        sensors.append(.init(id: "lost", chip: .ds18b20(address: "28-0000075ff6b9")))
        sensors.append(
            .init(id: "wrong", chip: .ina226(.init(bus: 3, address: 0x38), .init(resistance: 1, maximum: 0.01))))
        sensors.append(.init(id: "spare", chip: .aht10(.init(bus: 1, address: 0x39)), isEnabled: false))
        let report = try await scan(sensors)
        #expect(report.missing.map(\.id) == ["gone", "wrong", "lost"])
        #expect(report.missing.first?.reason.hasPrefix("nothing answers at 0x77") == true)
        #expect(report.missing.first?.place == "i2c-1 0x77")
        #expect(report.missing.last?.reason.contains("28-0000075ff6b9 is not on the 1-Wire bus") == true)
    }

    @Test("one bus alone is judged alone")
    func oneBus() async throws {
        var sensors = chips
        sensors.append(.init(id: "gone", chip: .bme280(.init(bus: 1, address: 0x77))))
        let report = try await scan(sensors, only: 3)
        #expect(report.buses.map(\.bus) == [3])
        #expect(report.missing.isEmpty)
    }

    @Test("an id that is taken is not proposed")
    func ids() async throws {
        var sensors = Array(chips.dropFirst(2))
        sensors[0].id = "probe-1"
        sensors[0].name = "probe-1"
        let report = try await scan(sensors, taken: ["probe-2"])
        #expect(report.proposals.map(\.id) == ["probe-3", "probe-4"])
        let air = try await scan([.init(id: "air-0x38", chip: .ds18b20(address: "28-0000075ff6b1"))])
        #expect(air.proposals.map(\.id).contains("air-0x38-2"))
    }

    @Test("a machine without buses says how to get them, for each sensor of the site file too")
    func noBuses() async throws {
        let none = Buses.linux(dev: "/nonexistent", sys: "/nonexistent")
        let report = try await scan(chips, on: none)
        #expect(report.buses.map(\.bus) == [1, 3, nil])
        #expect(report.buses.allSatisfy { $0.fault?.isEmpty == false && $0.found.isEmpty })
        #expect(Set(report.missing.map(\.id)) == Set(chips.map(\.id)))
        #expect(try await scan([], on: none).buses.map(\.bus) == [1, nil])
    }

    @Test("registers are read through the same drivers, of every chip")
    func registers() async throws {
        let probe = SensorProbe(chips, on: buses())
        for sensor in chips {
            let registers = try await probe.registers(of: sensor)
            #expect(registers.count > 2, "\(sensor.id)")
            #expect(registers.allSatisfy { !$0.name.isEmpty && !$0.meaning.isEmpty && $0.hexText.hasPrefix("0x") })
        }
        #expect(Set(await probe.readings(at: time).map(\.metric.subject)) == Set(chips.map(\.id)))
    }
}
