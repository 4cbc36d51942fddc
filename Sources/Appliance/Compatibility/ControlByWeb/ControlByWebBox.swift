import Site

/// What clients of a ControlByWeb box see of the unit: which relay, input, sensor and register has which number and name.
struct ControlByWebBox: Sendable {
    /// Something with a number.
    struct Point: Hashable, Sendable {
        /// From 1 on.
        let number: Int
        /// The id in the site file.
        let id: String
        /// What the custom files call it: `redLamp`; nil for what they call as the others do.
        let name: String?
    }

    /// A relay and its contact.
    struct Relay: Hashable, Sendable {
        let point: Point
        /// The coil has current while the load has none.
        let isInverted: Bool
        let watchdog: RelayWatchdog?

        /// The load's state while the coil has current, or has not.
        func state(ofCoil isOn: Bool) -> RelayState { isOn != isInverted ? .on : .off }
    }

    /// An input and what is counted of it.
    struct Input: Hashable, Sendable {
        let point: Point
        let counts: Bool
        let timesOn: Bool
    }

    /// A sensor's quantity.
    struct Sensor: Hashable, Sendable {
        let point: Point
        let quantity: Quantity
        let unit: Unit
        /// How often it is read.
        let interval: Duration
    }

    let profile: ControlByWebConfiguration.Profile
    let relays: [Relay]
    let inputs: [Input]
    let sensors: [Sensor]
    let registers: [Point]
    /// The sensor whose voltage is the supply.
    let vin: String?
    let isFahrenheit: Bool
    let isHeaderless: Bool

    init(_ site: SiteFile, _ configuration: ControlByWebConfiguration) {
        profile = configuration.profile
        isFahrenheit = configuration.temperatures == .fahrenheit
        isHeaderless = configuration.headerless
        vin = profile.hasVin ? configuration.vin.map { String($0.prefix { $0 != "." }) } : nil
        let most = profile.most
        var names = ControlByWebNames()
        func chosen(_ named: [String]?, _ all: [String], _ limit: Int) -> [(number: Int, id: String)] {
            (named ?? all).prefix(limit).enumerated().map { ($0 + 1, $1) }
        }
        relays = chosen(configuration.relays, site.relays.map(\.id), most.relays).compactMap { number, id in
            guard let relay = site.relays.first(where: { $0.id == id }) else { return nil }
            return Relay(
                point: Point(number: number, id: id, name: names.take(relay.name)),
                isInverted: relay.contact == .normallyClosed, watchdog: relay.watchdog)
        }
        inputs = chosen(configuration.inputs, site.inputs.map(\.id), most.inputs).compactMap { number, id in
            guard let input = site.inputs.first(where: { $0.id == id }) else { return nil }
            return Input(
                point: Point(number: number, id: id, name: names.take(input.name)), counts: input.counts,
                timesOn: input.timesOn)
        }
        sensors = chosen(configuration.sensors, site.sensors.map(\.id), most.sensors).compactMap { number, text in
            let (id, wanted) = (String(text.prefix { $0 != "." }), text.drop { $0 != "." }.dropFirst())
            guard let sensor = site.sensors.first(where: { $0.id == id }),
                let quantity = sensor.chip.quantities.first(where: { wanted.isEmpty || $0.quantity == wanted })
            else { return nil }
            let name = wanted.isEmpty ? sensor.name : "\(sensor.name) \(wanted)"
            return Sensor(
                point: Point(number: number, id: id, name: names.take(name)),
                quantity: Quantity(rawValue: quantity.quantity), unit: quantity.unit, interval: sensor.interval)
        }
        registers = chosen(configuration.registers, [], most.registers).map { number, id in
            Point(number: number, id: id, name: names.take(id))
        }
    }

    /// The metrics of which it needs the newest reading, by name.
    var metrics: Set<String> {
        var metrics = Set(sensors.map { "\($0.point.id).\($0.quantity.rawValue)" })
        if let vin { metrics.insert("\(vin).\(Quantity.voltage.rawValue)") }
        for input in inputs {
            for quantity in [Quantity.state, .count, .onTime] {
                metrics.insert("\(Metric.input).\(quantity.rawValue)@\(input.point.id)")
            }
        }
        return metrics
    }
}
