import Hardware
import Site

/// Temperature and relative humidity of an AHT20.
struct AirSensor: I2CSensor {
    let chip: AHT20

    var chipName: String { "aht20" }
    var limit: Duration { .seconds(1) }
    var quantities: [MeasuredQuantity] { [.init(.temperature, .celsius), .init(.humidity, .percent)] }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement = try chip.measure(on: bus)
        return [.success(calibration(measurement.temperature)), .success(measurement.humidity)]
    }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        .aht20(bus: location.bus, address: location.address) { time in
            let temperature = world.temperature(at: time)
            return (temperature, world.trailer.humidity(ofAirAt: temperature, at: time))
        }
    }
}

/// Power, voltage and current of a DC load through an INA260.
struct LoadSensor: I2CSensor {
    let chip: INA260

    var chipName: String { "ina260" }
    var limit: Duration { .seconds(1.5) }
    var quantities: [MeasuredQuantity] { [.init(.power, .watt), .init(.voltage, .volt), .init(.current, .ampere)] }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement = try chip.measure(on: bus)
        return [
            .success(calibration(measurement.power)), .success(measurement.voltage), .success(measurement.current),
        ]
    }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        .ina260(bus: location.bus, address: location.address) { time in
            (world.trailer.batteryVoltage(at: time), world.power(at: time))
        }
    }
}
