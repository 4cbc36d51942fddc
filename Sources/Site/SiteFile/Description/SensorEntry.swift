/// A sensor as it stands in the file: flat, with the keys of all chips.
struct SensorEntry: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case ds18b20
        case ads1115
        case aht20
        case aht10
        case bme280
        case ina260
        case ina219
        case ina226
    }

    var id = ""
    var name: String?
    var kind: Kind?
    var interval = Duration.seconds(10)
    var isEnabled = true
    var calibration = Calibration()
    var oneWire = ""
    var bus = 1
    var address: UInt8 = 0
    var input: ADS1115Channel.Input?
    var range = 4.096
    var vdd = 3.3
    var scale: Double?
    var unit: String?
    var clamp: CurrentClamp?
    var shunt: Double?
    var maximum: Double?
}

extension SensorEntry {
    /// The sensor's value; placeholders where an error is known already.
    func sensor(_ kind: Kind, _ node: SourceNode, _ findings: inout Findings) -> SensorConfiguration {
        let location = I2CLocation(bus: bus, address: address)
        let resistor = CurrentShunt(resistance: shunt ?? 0, maximum: maximum ?? 0)
        let chip: SensorChip =
            switch kind {
            case .ds18b20: .ds18b20(address: oneWire)
            case .ads1115: .ads1115(location, channel(node, &findings))
            case .aht20: .aht20(location)
            case .aht10: .aht10(location)
            case .bme280: .bme280(location)
            case .ina260: .ina260(location)
            case .ina219: .ina219(location, resistor)
            case .ina226: .ina226(location, resistor)
            }
        return SensorConfiguration(
            id: id, name: name, chip: chip, interval: interval, calibration: calibration, isEnabled: isEnabled)
    }

    private func channel(_ node: SourceNode, _ findings: inout Findings) -> ADS1115Channel {
        for key in ["scale", "unit"] where clamp != nil {
            if let other = node[key] {
                findings.error(
                    other, "'\(key)' and 'clamp' cannot both be given",
                    hint: "a clamp measures ampere; trim it with calibration")
            }
        }
        let mode: ADS1115Channel.Mode =
            clamp.map { .clamp($0) } ?? .direct(scale: scale ?? 1, unit: unit.map(Unit.init) ?? .volt)
        return ADS1115Channel(input: input ?? .ain0, range: range, mode: mode, vdd: vdd)
    }

    init(_ sensor: SensorConfiguration) {
        id = sensor.id
        name = sensor.name
        interval = sensor.interval
        isEnabled = sensor.isEnabled
        calibration = sensor.calibration
        switch sensor.chip {
        case .ds18b20(let address):
            kind = .ds18b20
            oneWire = address
        case .ads1115(let location, let channel):
            place(.ads1115, location)
            input = channel.input
            range = channel.range
            vdd = channel.vdd
            switch channel.mode {
            case .direct(let scale, let unit): (self.scale, self.unit) = (scale, unit.rawValue)
            case .clamp(let clamp): self.clamp = clamp
            }
        case .aht20(let location): place(.aht20, location)
        case .aht10(let location): place(.aht10, location)
        case .bme280(let location): place(.bme280, location)
        case .ina260(let location): place(.ina260, location)
        case .ina219(let location, let resistor): place(.ina219, location, resistor)
        case .ina226(let location, let resistor): place(.ina226, location, resistor)
        }
    }

    private mutating func place(_ kind: Kind, _ location: I2CLocation, _ resistor: CurrentShunt? = nil) {
        self.kind = kind
        bus = location.bus
        address = location.address
        shunt = resistor?.resistance
        maximum = resistor?.maximum
    }
}
