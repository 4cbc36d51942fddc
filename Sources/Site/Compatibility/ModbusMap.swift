/// Which Modbus address is what, for one site: made from its site file alone.
///
/// The 4xx boxes number whatever they have one after the other: relays, inputs, the counters of the inputs, the supply
/// voltage, sensors. A relay or an input takes one address, a number takes two registers, as 32-bit IEEE 754. The X-410 has
/// four relays and four inputs: counters from 8, supply at 16, sensors from 18; pulses of relays from 512. The WebRelay-Quad
/// has coils 0 to 3, and pulses from 16. `addresses` of the site file is a table of its own, for any other box.
public struct ModbusMap: Hashable, Sendable {
    /// What stands at an address.
    public enum Source: Hashable, Sendable {
        /// A relay's coil: 1 while it has current.
        case relay(String)
        /// An input's state.
        case input(String)
        /// How often an input came on.
        case count(String)
        /// The newest value of a metric, by its name.
        case metric(String, Unit)
        /// A number that clients set and read, by its id.
        case register(String)
        /// A place of the box that nothing of the site is behind.
        case nothing
    }

    /// How an address is reached.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case coil
        case discreteInput = "discrete input"
        /// Two holding registers, which are read.
        case number
        /// Two holding registers, to which the seconds of a pulse are written.
        case pulse
        /// Two holding registers, which are read and written.
        case register
    }

    /// One address, or two for a number and for a pulse.
    public struct Point: Hashable, Sendable {
        public var kind: Kind
        /// The first one, as it stands in a request.
        public var address: Int
        public var source: Source

        public init(_ kind: Kind, _ address: Int, _ source: Source) {
            self.kind = kind
            self.address = address
            self.source = source
        }
    }

    /// Kind by kind, by address.
    public let points: [Point]
    public let wordOrder: ModbusConfiguration.WordOrder
    /// In what clients are told temperatures.
    public let temperatures: ControlByWebConfiguration.TemperatureUnit
    /// The function codes that the box has; another one is exception 01.
    public let functions: [UInt8]

    /// Of a site file that was checked: what a profile has no place for is left out.
    public init(_ modbus: ModbusConfiguration, of site: SiteFile) {
        let isX410 = modbus.profile == .x410
        let points = modbus.addresses.map { $0.compactMap { Self.point($0, of: site) } } ?? Self.table(modbus, site)
        self.points = Kind.allCases.flatMap { kind in
            points.filter { $0.kind == kind }.sorted { $0.address < $1.address }
        }
        wordOrder = modbus.wordOrder ?? (isX410 ? .abcd : .cdab)
        temperatures = modbus.temperatures
        functions = isX410 ? [1, 2, 3, 5, 15, 16] : [1, 5, 15, 16]
    }

    /// That of a box with four relays and, but for the WebRelay-Quad, four inputs.
    private static func table(_ modbus: ModbusConfiguration, _ site: SiteFile) -> [Point] {
        func places(_ named: [String]?, _ all: [String]) -> [String?] {
            let used = (named ?? all).prefix(4)
            return used.map(Optional.some) + Array(repeating: nil, count: 4 - used.count)
        }
        let isX410 = modbus.profile == .x410
        let relays = places(modbus.relays, site.relays.map(\.id))
        var points = relays.enumerated().map { Point(.coil, $0, $1.map { .relay($0) } ?? .nothing) }
        if isX410 {
            let inputs = places(modbus.inputs, site.inputs.map(\.id))
            points += inputs.enumerated().map { Point(.discreteInput, 4 + $0, $1.map { .input($0) } ?? .nothing) }
            let counted = Set(site.inputs.filter(\.counts).map(\.id))
            points += inputs.enumerated().map { index, id in
                Point(.number, 8 + 2 * index, id.flatMap { counted.contains($0) ? .count($0) : nil } ?? .nothing)
            }
            points.append(
                Point(.number, 16, modbus.supply.flatMap { site.voltage($0) }.map(Source.init) ?? .nothing))
            let sensors = site.measurements(of: modbus)
            points += (0..<mostSensors).map { index in
                Point(.number, 18 + 2 * index, sensors.indices.contains(index) ? sensors[index] : .nothing)
            }
        }
        let pulses = isX410 ? 512 : 16
        points += relays.enumerated().map { index, id in
            Point(.pulse, pulses + 2 * index, id.map { .relay($0) } ?? .nothing)
        }
        return points
    }

    /// nil for an entry that a check has refused.
    private static func point(_ place: ModbusPlace, of site: SiteFile) -> Point? {
        guard let (key, name) = place.named.first else { return nil }
        switch key {
        case "relay": return Point(.coil, place.at, .relay(name))
        case "pulse": return Point(.pulse, place.at, .relay(name))
        case "input": return Point(.discreteInput, place.at, .input(name))
        case "count": return Point(.number, place.at, .count(name))
        case "register": return Point(.register, place.at, .register(name))
        default: return site.measurement(name).map { Point(.number, place.at, Source($0)) }
        }
    }

    /// As many as a 1-Wire bus of the box may have.
    static let mostSensors = 16

    /// The unit in which clients are told values of another one.
    public func told(_ unit: Unit) -> Unit {
        unit == .celsius && temperatures == .fahrenheit ? Unit(rawValue: "°F") : unit
    }

    /// A value as clients are told it.
    public func told(_ value: Double, _ unit: Unit) -> Double {
        unit == .celsius && temperatures == .fahrenheit ? value * 9 / 5 + 32 : value
    }

    public func point(_ kind: Kind, _ address: Int) -> Point? {
        points.first { $0.kind == kind && $0.address == address }
    }

    /// The number of which a register is one half: what function 3 reads.
    public func number(at address: Int) -> Point? {
        points.first {
            ($0.kind == .number || $0.kind == .register) && ($0.address == address || $0.address == address - 1)
        }
    }
}

extension ModbusMap.Source {
    fileprivate init(_ measurement: SiteFile.Measurement) { self = .metric(measurement.metric, measurement.unit) }
}

extension SiteFile {
    /// What clients see as sensors 1, 2, 3 ...
    func measurements(of modbus: ModbusConfiguration) -> [ModbusMap.Source] {
        let named = modbus.sensors?.compactMap { measurement($0) }
        return (named ?? measurements).map(ModbusMap.Source.init)
    }
}
