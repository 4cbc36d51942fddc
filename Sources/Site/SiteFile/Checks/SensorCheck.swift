extension SiteCheck {
    /// Subjects of metrics that are ours: no sensor or relay may be called so.
    static let ownSubjects = [
        "alerts", "board", "camera", "clock", "collector", "history", "input", "logs", "network", "register", "relay",
        "relays", "router", "site", "storage", "unit", "uplink", "web",
    ]

    mutating func checkSensors() {
        checkUnique("sensors", site.sensors.map(\.id))
        for (index, sensor) in site.sensors.enumerated() where Self.ownSubjects.contains(sensor.id) {
            error(
                .key("sensors"), .index(index), .key("id"), message: "'\(sensor.id)' is a word of the unit's own",
                hint: "name what is measured: \(sensor.id)-temperature")
        }
        checkAddresses()
        for (index, sensor) in site.sensors.enumerated() {
            checkAnalogue(sensor, index)
            checkShunt(sensor, index)
        }
        checkIntervals()
    }

    // MARK: Addresses

    private mutating func checkAddresses() {
        var probes: [String: Int] = [:]
        var chips: [I2CLocation: (index: Int, kind: SensorEntry.Kind)] = [:]
        var inputs: [I2CLocation: [ADS1115Channel.Input: Int]] = [:]
        for (index, sensor) in site.sensors.enumerated() {
            let place: [PathPart] = [.key("sensors"), .index(index), .key("address")]
            if case .ds18b20(let address) = sensor.chip {
                if let other = probes[address] { noteTaken(place, "1-Wire address \(address)", by: other) }
                probes[address] = probes[address] ?? index
            }
            guard let location = sensor.chip.location else { continue }
            if site.clock.rtc == .ds3231, location == I2CLocation(bus: 1, address: 0x68) {
                note(.error, path(place), "the hardware clock (clock.rtc) is at 0x68 of bus 1", nil)
            }
            if let other = chips[location] {
                if other.kind != .ads1115 || sensor.chip.kind != .ads1115 {
                    noteTaken(place, "address \(location.addressText) of bus \(location.bus)", by: other.index)
                }
            } else {
                chips[location] = (index, sensor.chip.kind)
            }
            if case .ads1115(_, let channel) = sensor.chip {
                if let other = inputs[location]?[channel.input] {
                    let line = line(.key("sensors"), .index(other))
                    error(
                        .key("sensors"), .index(index), .key("input"),
                        message:
                            "\(channel.input.rawValue) of \(location.addressText) is already '\(site.sensors[other].id)' (line \(line))",
                        hint: "one input is one sensor")
                } else {
                    inputs[location, default: [:]][channel.input] = index
                }
            }
        }
    }

    private mutating func noteTaken(_ place: [PathPart], _ what: String, by other: Int) {
        let line = line(.key("sensors"), .index(other))
        note(
            .error, path(place), "\(what) is already '\(site.sensors[other].id)' (line \(line))",
            "two sensors cannot share it")
    }

    // MARK: Analogue inputs

    private mutating func checkAnalogue(_ sensor: SensorConfiguration, _ index: Int) {
        guard case .ads1115(_, let channel) = sensor.chip else { return }
        let entry: [PathPart] = [.key("sensors"), .index(index)]
        // The smallest range that covers the supply is the largest that is of use (datasheet SBAS444, 7.3.3).
        let useful = SensorEntry.ranges.last { $0 >= channel.vdd } ?? SensorEntry.ranges[0]
        if channel.range > useful {
            note(
                .warning, path(entry + [.key("range")]),
                "a range of \(DecimalText.text(channel.range)) V on a supply of \(DecimalText.text(channel.vdd)) V: no input may see more than \(DecimalText.text(((channel.vdd + 0.3) * 1000).rounded() / 1000)) V",
                "divide the voltage and use \(DecimalText.text(useful)); is the supply another, say so by 'vdd'")
        }
        guard case .clamp(let clamp) = channel.mode else {
            if case .direct(let scale, _) = channel.mode, scale == 0 {
                note(.error, path(entry + [.key("scale")]), "a scale of 0 makes every value 0", nil)
            }
            return
        }
        if channel.input.isGroundReferenced {
            note(
                .error, path(entry + [.key("input")]),
                "a clamp on \(channel.input.rawValue) loses every other half-wave and drives the pin below ground",
                "wire it between two inputs, one of them at mid-supply: AIN0-AIN3")
        }
        let fullScale = channel.range / 2.0.squareRoot() * clamp.turns / (clamp.burden * clamp.passes)
        if fullScale < 0.01 {
            note(
                .warning, path(entry + [.key("clamp")]),
                "with this burden and range the input is full at \(DecimalText.text((fullScale * 1e6).rounded() / 1e6)) A",
                nil)
        }
    }

    // MARK: Shunts

    /// The largest current must not be more volts over the shunt than the chip's converter has.
    private mutating func checkShunt(_ sensor: SensorConfiguration, _ index: Int) {
        let (name, limit, shunt): (String, Double, CurrentShunt)
        switch sensor.chip {
        case .ina219(_, let given): (name, limit, shunt) = ("an INA219", 0.32, given)
        case .ina226(_, let given): (name, limit, shunt) = ("an INA226", 0.08192, given)
        default: return
        }
        let drop = shunt.resistance * shunt.maximum
        guard drop > limit * (1 + 1e-9) else { return }
        let most = (limit / shunt.resistance * 1e4 + 1e-6).rounded(.down) / 1e4
        error(
            .key("sensors"), .index(index), .key("max_current"),
            message:
                "\(DecimalText.text(shunt.maximum)) A over \(DecimalText.text(shunt.resistance)) ohm are \(DecimalText.text((drop * 1e6).rounded() / 1e6)) V, and \(name) measures up to \(DecimalText.text(limit)) V",
            hint: "with this shunt it measures up to \(DecimalText.text(most)) A; a smaller shunt allows more")
    }

    // MARK: Time on the bus

    private mutating func checkIntervals() {
        let enabled = site.sensors.indices.filter { site.sensors[$0].isEnabled }
        // All probes convert at once; then each is read by itself.
        let probes = enabled.filter { site.sensors[$0].chip.kind == .ds18b20 }
        let probeTime = Duration.milliseconds(750 + 20 * probes.count)
        for index in probes where site.sensors[index].interval < probeTime {
            error(
                .key("sensors"), .index(index), .key("interval"),
                message:
                    "\(site.sensors[index].interval.siteText) is shorter than \(probes.count == 1 ? "a DS18B20" : "\(probes.count) DS18B20") can be read",
                hint:
                    "a conversion takes 750 ms; use \(Duration.seconds((probeTime.components.seconds) + 1).siteText) or more"
            )
        }
        var load: [Int: Double] = [:]
        for index in enabled {
            let sensor = site.sensors[index]
            guard let location = sensor.chip.location else { continue }
            let busy = sensor.chip.busyTime
            if sensor.interval < busy {
                error(
                    .key("sensors"), .index(index), .key("interval"),
                    message: "\(sensor.interval.siteText) is shorter than one measurement, which takes \(busy.siteText)"
                )
            }
            load[location.bus, default: 0] += busy / sensor.interval
        }
        for (bus, share) in load.sorted(by: { $0.key < $1.key }) where share > 0.8 {
            let percent = Int((share * 100).rounded())
            let message = "the sensors of I2C bus \(bus) need \(percent) % of its time"
            let hint = "measure less often, or use a second bus"
            if share > 1 {
                error(.key("sensors"), message: message, hint: hint)
            } else {
                warning(.key("sensors"), message: message, hint: hint)
            }
        }
    }
}

extension ADS1115Channel.Input {
    var isGroundReferenced: Bool { rawValue.hasSuffix("GND") }
}

extension SensorChip {
    var kind: SensorEntry.Kind {
        switch self {
        case .ds18b20: .ds18b20
        case .ads1115: .ads1115
        case .aht20: .aht20
        case .aht10: .aht10
        case .bme280: .bme280
        case .ina260: .ina260
        case .ina219: .ina219
        case .ina226: .ina226
        }
    }

    /// Where it sits on I2C; nil for 1-Wire.
    public var location: I2CLocation? {
        switch self {
        case .ds18b20: nil
        case .ads1115(let location, _), .aht20(let location), .aht10(let location), .bme280(let location),
            .ina260(let location), .ina219(let location, _), .ina226(let location, _):
            location
        }
    }

    /// How long one measurement keeps the bus's reader busy, waits included.
    var busyTime: Duration {
        switch self {
        case .ds18b20: .milliseconds(750)
        // A burst of 200 ms covers whole cycles of 50 and 60 Hz; one conversion at 128 samples per second is 8 ms.
        case .ads1115(_, let channel): if case .clamp = channel.mode { .milliseconds(200) } else { .milliseconds(10) }
        case .aht20, .aht10: .milliseconds(80)
        case .bme280: .milliseconds(25)
        case .ina260, .ina219, .ina226: .milliseconds(5)
        }
    }

    /// What it measures, the first first.
    public var quantities: [(quantity: String, unit: Unit)] {
        switch self {
        case .ds18b20: [("temperature", .celsius)]
        case .aht20, .aht10: [("temperature", .celsius), ("humidity", .percent)]
        case .bme280: [("temperature", .celsius), ("humidity", .percent), ("pressure", .hectopascal)]
        case .ina260, .ina219, .ina226: [("power", .watt), ("voltage", .volt), ("current", .ampere)]
        case .ads1115(_, let channel):
            switch channel.mode {
            case .direct(_, let unit): [(Self.directQuantities[unit] ?? "level", unit)]
            case .clamp(let clamp):
                [("current", .ampere)] + (clamp.supply == nil ? [] : [("apparent_power", .voltAmpere)])
                    + [("sample_rate", .hertz), ("clipping", .percent)]
            }
        }
    }

    /// What a scaled input is called, by its unit.
    private static let directQuantities: [Unit: String] = [
        .volt: "voltage", .ampere: "current", .watt: "power", .celsius: "temperature",
    ]
}
