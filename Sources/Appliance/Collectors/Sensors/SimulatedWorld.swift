public import Hardware
public import Site

/// What one simulated sensor is made to see: the trailer, and the sensor's place in it.
struct SimulatedWorld: Sendable {
    let trailer: SimulatedTrailer
    let id: String
    private let place: Place

    /// Guessed from the words of the sensor's id and name.
    private enum Place: Hashable, Sendable {
        case outside
        case enclosure
        case battery
        case panel
        case load(SimulatedLoad)

        init(_ words: String) {
            let places: [(words: [String], place: Place)] = [
                (["outside", "ambient", "outdoor"], .outside),
                (["camera"], .load(.camera)),
                (["compressor", "fridge", "cooler", "aircon", "heater", "pump"], .load(.compressor)),
                (["router", "modem"], .load(.router)),
                (["solar", "panel", "pv", "charge"], .panel),
                (["battery", "batt"], .battery),
                (["enclosure", "cabinet", "box", "inside"], .enclosure),
            ]
            self = places.first { $0.words.contains { words.contains($0) } }?.place ?? .load(.steady)
        }
    }

    init(_ sensor: SensorConfiguration, trailer: SimulatedTrailer) {
        self.trailer = trailer
        id = sensor.id
        place = Place("\(sensor.id) \(sensor.name)".lowercased())
    }

    /// °C at the sensor; each place has its own few tenths.
    func temperature(at time: Double) -> Double {
        let own = 0.8 * trailer.offset(of: id)
        return switch place {
        case .outside, .panel: trailer.ambientTemperature(at: time) + own
        case .enclosure: trailer.enclosureTemperature(at: time) + own
        case .battery: (trailer.ambientTemperature(at: time - 3600) + trailer.enclosureTemperature(at: time)) / 2 + own
        case .load(let load): trailer.enclosureTemperature(at: time) + trailer.power(of: load, at: time) / 8 + own
        }
    }

    /// Watts of the load behind the sensor.
    func power(at time: Double) -> Double {
        switch place {
        case .load(let load): trailer.power(of: load, at: time)
        case .panel: trailer.chargeCurrent(at: time) * trailer.batteryVoltage(at: time)
        case .outside, .enclosure, .battery:
            SimulatedLoad.allCases.reduce(0) { $0 + trailer.power(of: $1, at: time) }
        }
    }

    /// The value in a unit; nil for one that the trailer knows nothing of.
    func value(in unit: Unit, at time: Double) -> Double? {
        switch unit {
        case .volt: place == .panel ? trailer.panelVoltage(at: time) : trailer.batteryVoltage(at: time)
        case .ampere: power(at: time) / trailer.batteryVoltage(at: time)
        case .watt: power(at: time)
        case .celsius: temperature(at: time)
        default: nil
        }
    }

    /// A slow wander between −1 and 1, for values of any other kind.
    func wander(at time: Double) -> Double { trailer.wander(of: id, at: time) }
}

extension Buses {
    /// Simulated buses with all the chips of a site file, for a demonstration.
    ///
    /// One device fails now and then, the last probe or else the last chip, as devices do.
    ///
    /// - Parameter seed: The same seed gives the same values at the same times.
    public static func simulated(
        for sensors: [SensorConfiguration], at site: SiteDescription, clock: SimulatedClock, seed: UInt64 = 1
    ) -> Buses {
        let trailer = SimulatedTrailer(latitude: site.latitude ?? 40, longitude: site.longitude ?? 0, seed: seed)
        let usable = sensors.compactMap { configuration in
            (try? Sensor(configuration)).map {
                (driver: $0.driver, world: SimulatedWorld(configuration, trailer: trailer))
            }
        }
        let devices = usable.map { driver, world -> SimulatedDevice in
            switch driver {
            case .oneWire(let probe): .ds18b20(address: probe.address) { world.temperature(at: $0) }
            case .i2c(let location, let sensor): sensor.simulated(at: location, in: world)
            }
        }
        let places = usable.map { driver, _ -> SimulatedFaultLocation in
            switch driver {
            case .oneWire(let probe): .oneWire(address: probe.address)
            case .i2c(let location, _): .i2c(bus: location.bus, address: location.address)
            }
        }
        let probe = places.last { if case .oneWire = $0 { true } else { false } }
        return simulated(devices, clock: clock, seed: seed, failing: probe ?? places.last)
    }
}
