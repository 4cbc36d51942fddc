import Hardware
import Site

/// Temperature and relative humidity of an AHT10 or AHT20.
struct AirSensor: I2CSensor {
    enum Chip: Sendable {
        case aht10(AHT10)
        case aht20(AHT20)
    }

    let chip: Chip

    var chipName: String {
        switch chip {
        case .aht10: "aht10"
        case .aht20: "aht20"
        }
    }
    var limit: Duration { .seconds(1) }
    var quantities: [MeasuredQuantity] { [.init(.temperature, .celsius), .init(.humidity, .percent)] }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement =
            switch chip {
            case .aht10(let chip): try chip.measure(on: bus)
            case .aht20(let chip): try chip.measure(on: bus)
            }
        return [.success(calibration(measurement.temperature)), .success(measurement.humidity)]
    }

    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        switch chip {
        case .aht10(let chip): try chip.registers(on: bus)
        case .aht20(let chip): try chip.registers(on: bus)
        }
    }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        let (bus, address) = (location.bus, location.address)
        return switch chip {
        case .aht10: .aht10(bus: bus, address: address) { world.air(at: $0) }
        case .aht20: .aht20(bus: bus, address: address) { world.air(at: $0) }
        }
    }
}

/// Temperature, relative humidity and pressure of a BME280.
struct WeatherSensor: I2CSensor {
    let chip: BME280

    var chipName: String { "bme280" }
    var limit: Duration { .seconds(1) }
    var quantities: [MeasuredQuantity] {
        [.init(.temperature, .celsius), .init(.humidity, .percent), .init(.pressure, .hectopascal)]
    }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement = try chip.measure(on: bus)
        return [
            .success(calibration(measurement.temperature)), .success(measurement.humidity),
            .success(measurement.pressure),
        ]
    }

    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] { try chip.registers(on: bus) }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        .bme280(bus: location.bus, address: location.address) { time in
            let (temperature, humidity) = world.air(at: time)
            return (temperature, humidity, world.trailer.airPressure(at: time))
        }
    }
}

/// Power, voltage and current of a DC load through an INA260, or through an INA219 or INA226 and a shunt.
struct LoadSensor: I2CSensor {
    enum Chip: Sendable {
        case ina260(INA260)
        /// With the shunt in ohm, for the simulation.
        case ina219(INA219, shunt: Double)
        case ina226(INA226, shunt: Double)
    }

    let chip: Chip

    var chipName: String {
        switch chip {
        case .ina260: "ina260"
        case .ina219: "ina219"
        case .ina226: "ina226"
        }
    }
    var limit: Duration { .seconds(1.5) }
    var quantities: [MeasuredQuantity] { [.init(.power, .watt), .init(.voltage, .volt), .init(.current, .ampere)] }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement =
            switch chip {
            case .ina260(let chip): try chip.measure(on: bus)
            case .ina219(let chip, _): try chip.measure(on: bus)
            case .ina226(let chip, _): try chip.measure(on: bus)
            }
        return [
            .success(calibration(measurement.power)), .success(measurement.voltage), .success(measurement.current),
        ]
    }

    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] {
        switch chip {
        case .ina260(let chip): try chip.registers(on: bus)
        case .ina219(let chip, _): try chip.registers(on: bus)
        case .ina226(let chip, _): try chip.registers(on: bus)
        }
    }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        let (bus, address) = (location.bus, location.address)
        let load = { @Sendable (time: Double) in (world.trailer.batteryVoltage(at: time), world.power(at: time)) }
        return switch chip {
        case .ina260: .ina260(bus: bus, address: address, load: load)
        case .ina219(_, let shunt): .ina219(bus: bus, address: address, shunt: shunt, load: load)
        case .ina226(_, let shunt): .ina226(bus: bus, address: address, shunt: shunt, load: load)
        }
    }
}

extension SimulatedWorld {
    /// °C and percent relative humidity at the sensor.
    fileprivate func air(at time: Double) -> (temperature: Double, humidity: Double) {
        let temperature = temperature(at: time)
        return (temperature, trailer.humidity(ofAirAt: temperature, at: time))
    }
}
