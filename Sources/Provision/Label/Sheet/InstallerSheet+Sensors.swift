import Site

extension InstallerSheet {
    static func sensors(_ site: SiteFile) -> Section? {
        guard !site.sensors.isEmpty else { return nil }
        var table = Table(
            columns: ["Sensor", "Name", "Chip", "Where", "Can show", "Alert when"], literals: [0, 3])
        for sensor in site.sensors {
            let alerts = site.alerts.filter { $0.when.metric.subject == sensor.id }.map { alert in
                (alert.when.metric.quantity.map { "\($0.rawValue) " } ?? "") + alert.when.test.description
            }
            table.rows.append([
                sensor.id, sensor.name, sensor.chip.name, sensor.chip.place,
                sensor.isEnabled ? sensor.range.joined(separator: ", ") : "not read: switched off in the site file",
                alerts.joined(separator: ", "),
            ])
        }
        return Section("Sensors", [.table(table)] + wiring(site).map(Block.paragraph))
    }

    /// What every probe of a bus shares.
    private static func wiring(_ site: SiteFile) -> [String] {
        var texts: [String] = []
        if site.sensors.contains(where: \.chip.isOneWire) {
            let line = site.board.oneWireLine
            texts.append(
                "1-Wire: all thermometers side by side on three wires, data (\(HeaderPin.text(ofLine: line))), 3.3 V (pin 1) and ground (pin 9), with 4.7 kΩ between data and 3.3 V."
            )
        }
        if site.sensors.contains(where: { $0.chip.bus == 1 }) {
            texts.append("I2C bus 1: data at header pin 3, clock at pin 5, 3.3 V at pin 1, ground at pin 6.")
        }
        if site.sensors.contains(where: \.chip.isClamp) {
            texts.append(
                "A clamp goes around one conductor, never around a cable with both, and never without its burden resistor."
            )
        }
        return texts
    }
}

extension SensorConfiguration {
    /// The ends of what it can show, one for each quantity.
    fileprivate var range: [String] {
        switch chip {
        case .ds18b20: ["-55…125 °C"]
        case .aht20, .aht10: ["-40…85 °C", "0…100 %"]
        case .bme280: ["-40…85 °C", "0…100 %", "300…1100 hPa"]
        case .ina260: ["0…36 V", "±15 A"]
        case .ina219(_, let shunt): ["0…26 V", "±\(text(shunt.maximum)) A"]
        case .ina226(_, let shunt): ["0…36 V", "±\(text(shunt.maximum)) A"]
        case .ads1115(_, let channel): [analogRange(channel)]
        }
    }

    /// No input goes beyond the chip's supply, whatever its range.
    private func analogRange(_ channel: ADS1115Channel) -> String {
        let volts = min(channel.range, channel.vdd)
        switch channel.mode {
        case .direct(let scale, let unit):
            let isSingle = channel.input.rawValue.hasSuffix("-GND")
            let ends = [isSingle ? 0 : -volts, volts].map { $0 * scale * calibration.gain + calibration.offset }
                .sorted()
            return "\(text(ends[0]))…\(text(ends[1]))\(unit == .none ? "" : " \(unit.rawValue)")"
        case .clamp(let clamp):
            // The largest sine that is not cut off.
            let ampere = volts / 2.0.squareRoot() * clamp.turns / (clamp.burden * clamp.passes)
            return "0…\(text(ampere * calibration.gain + calibration.offset)) A AC"
        }
    }

    /// Three digits, as many as a person compares.
    private func text(_ value: Double) -> String {
        let factor = value.magnitude >= 100 ? 1.0 : value.magnitude >= 10 ? 10 : 100
        let rounded = (value * factor).rounded() / factor
        guard rounded.magnitude < 1e9 else { return "\(value)" }
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension SensorChip {
    fileprivate var name: String {
        switch self {
        case .ds18b20: "DS18B20"
        case .ads1115: "ADS1115"
        case .aht20: "AHT20"
        case .aht10: "AHT10"
        case .bme280: "BME280"
        case .ina260: "INA260"
        case .ina219: "INA219"
        case .ina226: "INA226"
        }
    }

    fileprivate var place: String {
        switch self {
        case .ds18b20(let address): address
        case .ads1115(let location, let channel): "\(location.placeText), \(channel.input.rawValue)"
        case .aht20(let location), .aht10(let location), .bme280(let location), .ina260(let location),
            .ina219(let location, _), .ina226(let location, _):
            location.placeText
        }
    }

    fileprivate var bus: Int? {
        switch self {
        case .ds18b20: nil
        case .ads1115(let location, _), .aht20(let location), .aht10(let location), .bme280(let location),
            .ina260(let location), .ina219(let location, _), .ina226(let location, _):
            location.bus
        }
    }

    fileprivate var isOneWire: Bool { if case .ds18b20 = self { true } else { false } }

    fileprivate var isClamp: Bool {
        if case .ads1115(_, let channel) = self, case .clamp = channel.mode { true } else { false }
    }
}

extension I2CLocation {
    fileprivate var placeText: String { bus == 1 ? addressText : "bus \(bus), \(addressText)" }
}
