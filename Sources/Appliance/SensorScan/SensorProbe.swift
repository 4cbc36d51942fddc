public import Hardware
import Platform
public import Site

/// Reads sensors from their buses now, as the running unit reads them, without a store.
public struct SensorProbe: Sendable {
    private let collectors: [any Collector]
    private let buses: Buses

    /// - Parameter sensors: What is read; those that are switched off too.
    public init(_ sensors: [SensorConfiguration], on buses: Buses) {
        let enabled = sensors.map { sensor in
            var sensor = sensor
            sensor.isEnabled = true
            return sensor
        }
        collectors = sensorCollectors(for: enabled, on: buses)
        self.buses = buses
    }

    /// A reading of each of their series.
    ///
    /// Buses are read at the same time, the chips of a bus one after the other.
    public func readings(at time: Timestamp) async -> [Reading] {
        await withTaskGroup(of: (Int, [Reading]).self) { group in
            for (index, collector) in collectors.enumerated() {
                group.addTask { (index, await collector.collect(at: time)) }
            }
            var all: [Int: [Reading]] = [:]
            for await (index, readings) in group { all[index] = readings }
            return collectors.indices.flatMap { all[$0] ?? [] }
        }
    }

    /// What a sensor's chip has in its registers now.
    ///
    /// - Throws: `HardwareError`; `DeadlineExceeded` when the bus hangs.
    public func registers(of sensor: SensorConfiguration) async throws -> [RegisterValue] {
        switch try SensorDriver(sensor.chip) {
        case .oneWire(let probe):
            return try await buses.oneWire.run(within: .seconds(4)) { try probe.registers(on: $0) }
        case .i2c(let location, let driver):
            return try await buses.i2c(location.bus).run(within: LinuxI2CBus.patience + driver.limit) { bus in
                try bus.exclusively { () throws(HardwareError) -> [RegisterValue] in
                    try driver.registers(on: bus)
                }
            }
        }
    }
}
