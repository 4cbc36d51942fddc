import Hardware
import Platform
import Site

/// Reads the sensors of one chip on an I2C bus, one after the other.
struct I2CCollector: Collector {
    let name: String
    let interval: Duration
    let deadline: Duration
    let sensors: [Sensor]
    let bus: Blocking<any I2CBus>
    let isSimulated: Bool

    func collect(at time: Timestamp) async -> [Reading] {
        var readings: [Reading] = []
        for sensor in sensors { readings += await read(sensor, at: time) }
        return readings
    }

    func overdue(at time: Timestamp) -> [Reading] { sensors.flatMap { $0.overdue(at: time, isSimulated: isSimulated) } }

    private func read(_ sensor: Sensor, at time: Timestamp) async -> [Reading] {
        guard sensor.isEnabled, case .i2c(_, let driver) = sensor.driver else {
            return sensor.absent(.disabled, at: time, isSimulated: isSimulated)
        }
        let calibration = sensor.calibration
        do {
            // Another program may have the bus just then; waiting for it is not held against the chip.
            let results = try await bus.run(within: LinuxI2CBus.patience + driver.limit) { bus in
                try bus.exclusively { () throws(HardwareError) -> [Result<Double, HardwareError>] in
                    try driver.read(on: bus, calibration: calibration)
                }
            }
            return zip(sensor.metrics(isSimulated: isSimulated), results).map { metric, result in
                switch result {
                case .success(let value): Reading(metric, at: time, value: value)
                case .failure(let error): Reading(metric, at: time, noData: NoData(error))
                }
            }
        } catch {
            return sensor.absent(NoData(error), at: time, isSimulated: isSimulated)
        }
    }
}

extension Sensor {
    /// No data for all its series.
    func absent(_ noData: NoData, at time: Timestamp, isSimulated: Bool) -> [Reading] {
        metrics(isSimulated: isSimulated).map { Reading($0, at: time, noData: noData) }
    }

    func overdue(at time: Timestamp, isSimulated: Bool) -> [Reading] {
        let noData = isEnabled ? NoData(.timeout, "the reading did not end in time") : .disabled
        return absent(noData, at: time, isSimulated: isSimulated)
    }
}

extension NoData {
    static let disabled = NoData(.disabled, "the site file has it switched off")
}
