import Glibc
import Hardware
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance

private let now = Timestamp(wall: 1_790_000_000_000, boot: 1, monotonic: 60_000, isTrusted: true)

private let sensors: [SensorConfiguration] = [
    .init(id: "enclosure", chip: .ds18b20(address: "28-0000075ff6b1")),
    .init(id: "outside", chip: .ds18b20(address: "28-0000075ff6b2"), calibration: .init(gain: 1, offset: -0.5)),
    .init(id: "air", chip: .aht20(.init(bus: 1, address: 0x38))),
    .init(id: "cabinet", chip: .aht10(.init(bus: 1, address: 0x39))),
    .init(id: "weather-outside", chip: .bme280(.init(bus: 1, address: 0x76))),
    .init(id: "camera-power", chip: .ina260(.init(bus: 1, address: 0x40))),
    .init(id: "router-power", chip: .ina219(.init(bus: 1, address: 0x41), .init(resistance: 0.1, maximum: 3.2))),
    .init(id: "solar", chip: .ina226(.init(bus: 1, address: 0x44), .init(resistance: 0.002, maximum: 20))),
    .init(
        id: "battery",
        chip: .ads1115(
            .init(bus: 1, address: 0x48), .init(input: .ain1, range: 4.096, mode: .direct(scale: 11, unit: .volt)))),
    .init(
        id: "router-current",
        chip: .ads1115(
            .init(bus: 1, address: 0x48),
            .init(input: .ain0ain3, range: 0.256, mode: .clamp(.init(turns: 3000, burden: 300, supply: 120))))),
    .init(
        id: "tank",
        chip: .ads1115(
            .init(bus: 1, address: 0x49),
            .init(input: .ain2, range: 2.048, mode: .direct(scale: 100, unit: Unit(rawValue: "L"))))),
    .init(id: "spare", chip: .ds18b20(address: "28-0000075ff6b3"), isEnabled: false),
]

private let site = SiteDescription(name: "Trailer 42", latitude: 40.7, longitude: -111.9)

/// Simulated buses at a fixed time after the start.
private func simulated(_ sensors: [SensorConfiguration], after seconds: Int = 60, seed: UInt64 = 1) -> Buses {
    Buses.simulated(
        for: sensors, at: site, clock: SimulatedClock(start: 1_790_000_000) { .seconds(seconds) }, seed: seed)
}

private func collect(_ sensors: [SensorConfiguration], on buses: Buses) async -> [String: Reading] {
    var readings: [String: Reading] = [:]
    for collector in sensorCollectors(for: sensors, on: buses) {
        for reading in await collector.collect(at: now) { readings[reading.metric.name] = reading }
    }
    return readings
}

@Suite("Sensor collectors")
struct SensorCollectorTests {
    @Test("every kind of sensor of a site file gives its series, marked as simulated")
    func series() async {
        let readings = await collect(sensors, on: simulated(sensors))
        #expect(
            Set(readings.keys) == [
                "enclosure.temperature", "outside.temperature", "spare.temperature", "air.temperature", "air.humidity",
                "cabinet.temperature", "cabinet.humidity", "weather-outside.temperature", "weather-outside.humidity",
                "weather-outside.pressure", "camera-power.power", "camera-power.voltage", "camera-power.current",
                "router-power.power", "router-power.voltage", "router-power.current", "solar.power", "solar.voltage",
                "solar.current", "battery.voltage",
                "router-current.current", "router-current.apparent_power", "router-current.sample_rate",
                "router-current.clipping", "tank.level",
            ])
        #expect(readings.values.allSatisfy { $0.metric.isSimulated && $0.time == now })
        #expect(readings["spare.temperature"]?.noData?.reason == .disabled)
        let missing = readings.values.filter { $0.value == nil && $0.metric.subject != "spare" }
        #expect(missing.isEmpty, "\(missing)")
        #expect(readings["tank.level"]?.metric.unit == Unit(rawValue: "L"))
    }

    @Test("simulated values are those of a trailer")
    func believable() async throws {
        let readings = await collect(sensors, on: simulated(sensors))
        func value(_ name: String) throws -> Double { try #require(readings[name]?.value) }
        #expect((11.5...14.6).contains(try value("battery.voltage")))
        #expect(abs(try value("battery.voltage") - (try value("camera-power.voltage"))) < 0.05)
        #expect((4...16).contains(try value("camera-power.power")))
        #expect(
            abs(try value("camera-power.power") / value("camera-power.voltage") - value("camera-power.current")) < 0.01)
        for load in ["router-power", "solar"] {
            #expect(abs(try value("\(load).voltage") - (try value("battery.voltage"))) < 0.05)
            #expect(
                abs(try value("\(load).power") - value("\(load).voltage") * value("\(load).current")) < 0.05, "\(load)")
        }
        #expect((6...10).contains(try value("router-power.power")))
        #expect(abs(try value("weather-outside.temperature") - (try value("outside.temperature"))) < 3)
        #expect((995...1030).contains(try value("weather-outside.pressure")))
        #expect((5...98).contains(try value("weather-outside.humidity")))
        #expect((0.05...0.3).contains(try value("router-current.current")))
        #expect(abs(try value("router-current.apparent_power") - 120 * value("router-current.current")) < 1e-9)
        #expect((700...1000).contains(try value("router-current.sample_rate")))
        #expect((5...98).contains(try value("air.humidity")))
        #expect(try value("enclosure.temperature") > value("outside.temperature"))
    }

    @Test("the same seed gives the same values, another seed others")
    func deterministic() async {
        let first = await collect(sensors, on: simulated(sensors))
        #expect(await collect(sensors, on: simulated(sensors)) == first)
        #expect(await collect(sensors, on: simulated(sensors, seed: 2)) != first)
    }

    @Test("calibration is applied to the first quantity")
    func calibration() async throws {
        var changed = sensors
        for index in changed.indices { changed[index].calibration = .init(gain: 2, offset: 1) }
        let plain = await collect(
            sensors.map { sensor in
                var sensor = sensor
                sensor.calibration = .init()
                return sensor
            }, on: simulated(sensors))
        let calibrated = await collect(changed, on: simulated(changed))
        for name in [
            "enclosure.temperature", "air.temperature", "camera-power.power", "battery.voltage", "tank.level",
            "router-current.current", "cabinet.temperature", "weather-outside.temperature", "router-power.power",
            "solar.power",
        ] {
            let (before, after) = (try #require(plain[name]?.value), try #require(calibrated[name]?.value))
            #expect(abs(after - (before * 2 + 1)) < 1e-9, "\(name)")
        }
        for name in [
            "air.humidity", "camera-power.voltage", "router-current.sample_rate", "weather-outside.pressure",
            "solar.voltage", "router-power.current",
        ] {
            #expect(plain[name]?.value == calibrated[name]?.value, "\(name)")
        }
        let current = try #require(calibrated["router-current.current"]?.value)
        #expect(abs(try #require(calibrated["router-current.apparent_power"]?.value) - 120 * current) < 1e-9)
    }

    @Test("probes of one interval and inputs of one chip are one collector each, with names of their own")
    func grouping() {
        let buses = simulated(sensors)
        #expect(
            Set(sensorCollectors(for: sensors, on: buses).map(\.name)) == [
                "ds18b20", "aht20-1-0x38", "aht10-1-0x39", "bme280-1-0x76", "ina260-1-0x40", "ina219-1-0x41",
                "ina226-1-0x44", "ads1115-1-0x48", "ads1115-1-0x49",
            ])
        var mixed = sensors
        mixed[1].interval = .seconds(60)
        let collectors = sensorCollectors(for: mixed, on: buses)
        #expect(collectors.map(\.name).contains("ds18b20-60000ms"))
        #expect(Set(collectors.map(\.name)).count == collectors.count)
    }

    @Test("a probe fails now and then, with its reasons, and comes back by itself")
    func failing() async {
        var reasons: Set<NoData.Reason> = []
        var values = 0
        let probes = sensors.filter(\.isEnabled).prefix(2)
        for second in stride(from: 0, to: 1800, by: 10) {
            let readings = await collect(Array(probes), on: simulated(Array(probes), after: second))
            #expect(readings["enclosure.temperature"]?.value != nil)
            if let reason = readings["outside.temperature"]?.noData?.reason {
                reasons.insert(reason)
            } else {
                values += 1
            }
        }
        #expect(reasons == [.badChecksum, .notPresent])
        #expect(values > 150)
    }

    @Test("a value that no chip can do is said with every reading")
    func unusable() async {
        let odd = SensorConfiguration(
            id: "odd",
            chip: .ads1115(
                .init(bus: 1, address: 0x48), .init(input: .ain0, range: 3, mode: .direct(scale: 1, unit: .volt))))
        let readings = await collect([odd], on: simulated([odd]))
        #expect(readings.values.first?.noData?.detail?.contains("no range of 3.0 V") == true)
        let large = SensorConfiguration(
            id: "large", chip: .ina226(.init(bus: 1, address: 0x44), .init(resistance: 0.1, maximum: 10)))
        let none = await collect([large], on: simulated([large]))
        #expect(none.values.first?.noData?.detail?.contains("up to 0.08192 V") == true)
    }

    @Test("what is overdue is a timeout for every series, and disabled stays disabled")
    func overdue() {
        for collector in sensorCollectors(for: sensors, on: simulated(sensors)) {
            for reading in collector.overdue(at: now) {
                #expect(reading.noData?.reason == (reading.metric.subject == "spare" ? .disabled : .timeout))
            }
            #expect(collector.deadline >= .seconds(1))
        }
    }

    @Test("sixteen probes are one conversion and sixteen reads")
    func sixteen() async throws {
        let (configurations, answers) = probes(16, answersEach: 1)
        let buses = scripted(answers, conversion: .converted)
        let collectors = sensorCollectors(for: configurations, on: buses)
        #expect(collectors.count == 1)
        let readings = await collectors[0].collect(at: now)
        #expect(readings.compactMap(\.value) == Array(repeating: 23.125, count: 16))
        let calls = try await calls(of: buses)
        #expect(calls.first == "convert")
        #expect(calls.count == 17)
    }

    @Test("without a bulk conversion each probe converts for itself, and a value left from before is not taken")
    func serial() async throws {
        let (configurations, answers) = probes(3, answersEach: 2)
        let buses = scripted(answers, conversion: .unavailable("not permitted"), unread: 2)
        let readings = await sensorCollectors(for: configurations, on: buses)[0].collect(at: now)
        #expect(readings.compactMap(\.value).count == 3)
        // The first probe is read twice while results of an earlier conversion are about.
        #expect(
            try await calls(of: buses).map { String($0.prefix(15)) } == [
                "convert", probe(0), probe(0), probe(1), probe(2),
            ])
    }

    private func probe(_ index: Int) -> String { "28-00000000000\(String(index, radix: 16))" }

    private func probes(
        _ count: Int, answersEach: Int
    ) -> ([SensorConfiguration], [String: [ScriptedOneWireBus.Answer]]) {
        let text = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n"
        let addresses = (0..<count).map { probe($0) }
        let answers = addresses.map {
            ("\($0)/w1_slave", Array(repeating: ScriptedOneWireBus.Answer.text(text), count: answersEach))
        }
        return (
            addresses.enumerated().map { SensorConfiguration(id: "t\($0)", chip: .ds18b20(address: $1)) },
            Dictionary(uniqueKeysWithValues: answers)
        )
    }

    private func scripted(
        _ answers: [String: [ScriptedOneWireBus.Answer]], conversion: BulkConversion, unread: Int = 0
    ) -> Buses {
        Buses(
            isSimulated: false, i2c: { LinuxI2CBus(number: $0, dev: "/nonexistent") },
            oneWire: {
                ScriptedOneWireBus(answers, conversion: conversion, unread: unread) { Issue.record("\($0)") }
            })
    }

    private func calls(of buses: Buses) async throws -> [String] {
        try await buses.oneWire.run(within: .seconds(5)) { ($0 as? ScriptedOneWireBus)?.calls ?? [] }
    }
}

/// A bus whose transfers block until it is released.
private final class HangingBus: I2CBus {
    final class Release: Sendable {
        private let isReleased = Mutex(false)
        func release() { isReleased.withLock { $0 = true } }
        func wait() { while !isReleased.withLock({ $0 }) { usleep(1000) } }
    }

    let name = "hanging i2c"
    let now = Duration.zero
    private let gate: Release

    init(_ gate: Release) { self.gate = gate }

    func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        gate.wait()
        throw HardwareError(.notPresent, "released")
    }

    func pause(for duration: Duration) {}
}

@Suite("Sensors on buses that fail")
struct FailingBusTests {
    @Test("a bus that hangs makes only its own sensors time out, and serves again when it is back")
    func hanging() async throws {
        let gate = HangingBus.Release()
        let probes = ["28-0000075ff6b1": { @Sendable (_: Double) in 21.5 }]
        let buses = Buses(
            isSimulated: false, i2c: { _ in HangingBus(gate) },
            oneWire: { SimulatedOneWireBus(clock: .init(start: 0) { .zero }, probes: probes) })
        let configurations: [SensorConfiguration] = [
            .init(id: "air", chip: .aht20(.init(bus: 1, address: 0x38))),
            .init(id: "load", chip: .ina260(.init(bus: 1, address: 0x40))),
            .init(id: "probe", chip: .ds18b20(address: "28-0000075ff6b1")),
        ]
        let collectors = sensorCollectors(for: configurations, on: buses)
        func reading(_ name: String) async throws -> [Reading] {
            try await #require(collectors.first { $0.name == name }).collect(at: now)
        }
        async let stuck = reading("aht20-1-0x38")
        let probe = try await reading("ds18b20")
        #expect(probe.first?.value == 21.5)
        #expect(try await stuck.allSatisfy { $0.noData?.reason == .timeout })
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try await reading("ina260-1-0x40").allSatisfy { $0.noData?.reason == .timeout })
        #expect(clock.now - start < .milliseconds(500))
        gate.release()
        for _ in 0..<2000 where buses.i2c(1).isStuck { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try await reading("aht20-1-0x38").allSatisfy { $0.noData?.reason == .notPresent })
    }

    @Test("every kind of hardware error is one reason of absence")
    func reasons() {
        let reasons = HardwareError.Kind.allCases.map { NoData(HardwareError($0, "seen")).reason }
        #expect(reasons.map(\.rawValue) == HardwareError.Kind.allCases.map(\.rawValue))
        #expect(NoData(DeadlineExceeded(limit: .seconds(1))).reason == .timeout)
    }
}
