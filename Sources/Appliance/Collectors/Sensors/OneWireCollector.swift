import Hardware
import Platform
import Site
import Synchronization

/// Reads DS18B20 probes after one conversion of all of them at once.
final class OneWireCollector: Collector {
    let name: String
    let interval: Duration
    let deadline: Duration
    private let sensors: [Sensor]
    private let bus: Blocking<any OneWireBus>
    private let isSimulated: Bool
    /// The last temperature of each probe, by address.
    private let previous = Mutex<[String: Double]>([:])

    /// A conversion takes 750 ms, and another program's may be waited for first.
    private static let conversionLimit = Duration.seconds(5)
    /// A read with its own conversion, and the driver's retries.
    private static let readLimit = Duration.seconds(3)

    init(name: String, interval: Duration, sensors: [Sensor], bus: Blocking<any OneWireBus>, isSimulated: Bool) {
        self.name = name
        self.interval = interval
        self.sensors = sensors
        self.bus = bus
        self.isSimulated = isSimulated
        // One by one they take up to 0.9 s each.
        deadline = Self.conversionLimit + Self.readLimit + .seconds(1) * sensors.count
    }

    func collect(at time: Timestamp) async -> [Reading] {
        guard sensors.contains(where: \.isEnabled) else { return overdue(at: time) }
        do {
            let conversion = try await bus.run(within: Self.conversionLimit) { $0.convertAll() }
            var readings: [Reading] = []
            for sensor in sensors { readings += await read(sensor, after: conversion, at: time) }
            return readings
        } catch {
            let noData = NoData(error)
            return sensors.flatMap { sensor in
                sensor.absent(sensor.isEnabled ? noData : .disabled, at: time, isSimulated: isSimulated)
            }
        }
    }

    func overdue(at time: Timestamp) -> [Reading] { sensors.flatMap { $0.overdue(at: time, isSimulated: isSimulated) } }

    private func read(_ sensor: Sensor, after conversion: BulkConversion, at time: Timestamp) async -> [Reading] {
        guard sensor.isEnabled, case .oneWire(let probe) = sensor.driver else {
            return sensor.absent(.disabled, at: time, isSimulated: isSimulated)
        }
        let last = previous.withLock { $0[probe.address] }
        do {
            let celsius = try await bus.run(within: Self.readLimit) { bus in
                // Without a conversion of ours, the first read may give what an earlier one left.
                if conversion != .converted, bus.hasUnreadConversions {
                    _ = try? bus.read(.scratchpad, of: probe.address)
                }
                return try probe.celsius(on: bus, previous: last)
            }
            previous.withLock { $0[probe.address] = celsius }
            return sensor.metrics(isSimulated: isSimulated).map {
                Reading($0, at: time, value: sensor.calibration(celsius))
            }
        } catch {
            return sensor.absent(NoData(error), at: time, isSimulated: isSimulated)
        }
    }
}
