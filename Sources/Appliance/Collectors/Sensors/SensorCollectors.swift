public import Hardware
import Platform
public import Site

/// The collectors of the sensors of a site file.
///
/// All DS18B20 of one interval are one collector, because they convert together; on an I2C bus each chip is one, because
/// its inputs share a converter. Collectors of one bus wait for each other; buses do not.
public func sensorCollectors(for configurations: [SensorConfiguration], on buses: Buses) -> [any Collector] {
    var groups: [Group] = []
    var collectors: [any Collector] = []
    for configuration in configurations {
        do throws(HardwareError) {
            let sensor = try Sensor(configuration)
            let place = Place(sensor.driver)
            if let index = groups.firstIndex(where: { $0.place == place && $0.interval == sensor.interval }) {
                groups[index].sensors.append(sensor)
            } else {
                groups.append(Group(place: place, interval: sensor.interval, sensors: [sensor]))
            }
        } catch {
            collectors.append(UnusableSensor(configuration, error: error, isSimulated: buses.isSimulated))
        }
    }
    return collectors + groups.map { $0.collector(among: groups, on: buses) }
}

/// Where sensors are read together.
private enum Place: Hashable {
    case oneWire
    case i2c(chip: String, I2CLocation)

    init(_ driver: SensorDriver) {
        switch driver {
        case .oneWire: self = .oneWire
        case .i2c(let location, let sensor): self = .i2c(chip: sensor.chipName, location)
        }
    }

    var name: String {
        switch self {
        case .oneWire: "ds18b20"
        case .i2c(let chip, let location): "\(chip)-\(location.bus)-0x\(String(location.address, radix: 16))"
        }
    }
}

/// Sensors of one place and interval.
private struct Group {
    let place: Place
    let interval: Duration
    var sensors: [Sensor]

    func collector(among groups: [Group], on buses: Buses) -> any Collector {
        let isAlone = groups.count { $0.place == place } == 1
        let name = isAlone ? place.name : "\(place.name)-\(milliseconds)ms"
        switch place {
        case .oneWire:
            return OneWireCollector(
                name: name, interval: interval, sensors: sensors, bus: buses.oneWire, isSimulated: buses.isSimulated)
        case .i2c(_, let location):
            // A reading may have to wait for all others of the bus.
            let others = groups.flatMap(\.sensors).compactMap { $0.limit(onBus: location.bus) }
            return I2CCollector(
                name: name, interval: interval, deadline: others.reduce(.seconds(1), +), sensors: sensors,
                bus: buses.i2c(location.bus), isSimulated: buses.isSimulated)
        }
    }

    private var milliseconds: Int64 {
        interval.components.seconds * 1000 + interval.components.attoseconds / 1_000_000_000_000_000
    }
}

extension Sensor {
    /// How long it may hold an I2C bus; nil when it is not on that bus.
    fileprivate func limit(onBus number: Int) -> Duration? {
        guard isEnabled, case .i2c(let location, let driver) = driver, location.bus == number else { return nil }
        return LinuxI2CBus.patience + driver.limit
    }
}

/// A sensor that the site file describes in a way that its chip cannot be: said with every reading.
///
/// Checking the site file finds it first; this is for values that were made otherwise.
private struct UnusableSensor: Collector {
    let name: String
    let interval: Duration
    let deadline = Duration.seconds(1)
    private let metric: Metric
    private let noData: NoData

    init(_ configuration: SensorConfiguration, error: HardwareError, isSimulated: Bool) {
        name = configuration.id
        interval = configuration.interval
        metric = Metric(configuration.id, .level, unit: .none, isSimulated: isSimulated)
        noData = configuration.isEnabled ? NoData(error) : .disabled
    }

    func collect(at time: Timestamp) async -> [Reading] { overdue(at: time) }

    func overdue(at time: Timestamp) -> [Reading] { [Reading(metric, at: time, noData: noData)] }
}
