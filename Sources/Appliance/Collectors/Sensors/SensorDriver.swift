import Hardware
import Platform
import Site

/// One sensor of the site file, ready to be read.
struct Sensor: Sendable {
    let id: String
    let isEnabled: Bool
    let interval: Duration
    let calibration: Calibration
    let driver: SensorDriver

    /// - Throws: `HardwareError` when the site file asks for something that the chip cannot do.
    init(_ configuration: SensorConfiguration) throws(HardwareError) {
        id = configuration.id
        isEnabled = configuration.isEnabled
        interval = configuration.interval
        calibration = configuration.calibration
        driver = try SensorDriver(configuration.chip)
    }

    /// All its series, the calibrated one first.
    func metrics(isSimulated: Bool) -> [Metric] {
        driver.quantities.map { Metric(id, $0.quantity, unit: $0.unit, isSimulated: isSimulated) }
    }
}

/// How the sensor of a chip is read.
///
/// The only place that knows all chips of the site file.
enum SensorDriver: Sendable {
    case oneWire(DS18B20)
    case i2c(I2CLocation, any I2CSensor)

    init(_ chip: SensorChip) throws(HardwareError) {
        switch chip {
        case .ds18b20(let address):
            self = .oneWire(DS18B20(address: address))
        case .ads1115(let location, let channel):
            switch channel.mode {
            case .direct(let scale, let unit):
                self = .i2c(location, try AnalogueSensor(location, channel, scale: scale, unit: unit))
            case .clamp(let clamp):
                self = .i2c(location, try ClampSensor(location, channel, clamp: clamp))
            }
        case .aht20(let location):
            self = .i2c(location, AirSensor(chip: .aht20(AHT20(address: location.address))))
        case .aht10(let location):
            self = .i2c(location, AirSensor(chip: .aht10(AHT10(address: location.address))))
        case .bme280(let location):
            self = .i2c(location, WeatherSensor(chip: BME280(address: location.address)))
        case .ina260(let location):
            self = .i2c(location, LoadSensor(chip: .ina260(INA260(address: location.address))))
        case .ina219(let location, let shunt):
            let chip = try INA219(address: location.address, shunt: shunt.resistance, maximum: shunt.maximum)
            self = .i2c(location, LoadSensor(chip: .ina219(chip, shunt: shunt.resistance)))
        case .ina226(let location, let shunt):
            let chip = try INA226(address: location.address, shunt: shunt.resistance, maximum: shunt.maximum)
            self = .i2c(location, LoadSensor(chip: .ina226(chip, shunt: shunt.resistance)))
        }
    }

    var chipName: String {
        switch self {
        case .oneWire: "ds18b20"
        case .i2c(_, let sensor): sensor.chipName
        }
    }

    var quantities: [MeasuredQuantity] {
        switch self {
        case .oneWire: [.init(.temperature, .celsius)]
        case .i2c(_, let sensor): sensor.quantities
        }
    }
}

/// A quantity that a sensor measures, with its unit.
struct MeasuredQuantity: Hashable, Sendable {
    let quantity: Quantity
    let unit: Unit

    init(_ quantity: Quantity, _ unit: Unit) {
        self.quantity = quantity
        self.unit = unit
    }
}

/// A sensor on an I2C bus: a chip, or one input of it.
protocol I2CSensor: Sendable {
    /// As in the site file, `ads1115`.
    var chipName: String { get }
    /// What it measures, the calibrated quantity first.
    var quantities: [MeasuredQuantity] { get }
    /// How long one reading may hold the bus.
    var limit: Duration { get }

    /// A result for each of `quantities`, in their order.
    ///
    /// - Throws: `HardwareError` when there is none at all.
    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>]

    /// What the chip has in its registers, for people.
    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue]

    /// The simulated device that it reads under `--simulate`.
    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice
}

extension Calibration {
    func callAsFunction(_ value: Double) -> Double { value * gain + offset }
}

extension NoData {
    /// The reason of absence for a failure of the hardware, or of its deadline.
    init(_ error: any Error) {
        switch error {
        case let error as HardwareError: self.init(Reason(error.kind), error.sentence)
        case let error as DeadlineExceeded:
            self.init(.timeout, "the bus did not answer within \(error.limit): it is stuck, or a wire is shorted")
        default: self.init(.timeout, "the reading was given up")
        }
    }
}

extension NoData.Reason {
    init(_ kind: HardwareError.Kind) {
        switch kind {
        case .notPresent: self = .notPresent
        case .timeout: self = .timeout
        case .badChecksum: self = .badChecksum
        case .outOfRange: self = .outOfRange
        case .busError: self = .busError
        }
    }
}
