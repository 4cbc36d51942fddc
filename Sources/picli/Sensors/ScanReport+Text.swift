import Appliance
import Site

extension ScanReport: Answer {
    func text(for terminal: Terminal) -> String {
        var sections = buses.map { $0.text(for: terminal) }
        if !missing.isEmpty {
            var table = Table([.init(title: "SENSOR"), .init(title: "PLACE"), .init(title: "WHY")])
            for sensor in missing { table.append([sensor.id, sensor.place, sensor.reason]) }
            sections.append("In the site file, but without a value:\n" + table.text(for: terminal))
        }
        if !proposals.isEmpty {
            let title = "To paste below 'sensors:' of the site file, with ids that say what is measured:\n"
            sections.append(title + proposals.map { "  \($0.line)\n" }.joined())
        }
        return sections.joined(separator: "\n")
    }
}

extension ScannedBus {
    fileprivate func text(for terminal: Terminal) -> String {
        if let fault {
            let sentence = fault.hasPrefix(name) ? fault : "\(name): \(fault)"
            return sentence.sentence.wrapped(to: terminal.width).map { $0 + "\n" }.joined()
        }
        guard !found.isEmpty else {
            return kind == .i2c ? "\(name): nothing answers.\n" : "\(name): no probe is there.\n"
        }
        var table = Table([
            .init(title: "ADDRESS"), .init(title: "CHIP"), .init(title: "IN SITE FILE"), .init(title: "WHAT IT SAYS"),
        ])
        for device in found {
            table.append([
                device.address, device.chipText, device.sensors.first ?? "-", device.says.joined(separator: "; "),
            ])
            for sensor in device.sensors.dropFirst() { table.append(["", "", sensor, device.values(of: sensor)]) }
        }
        return "\(name):\n" + table.text(for: terminal)
    }
}

extension FoundDevice {
    /// `BME280`; `ADS1115?` when it is only likely, and no site file says so; `unknown`.
    fileprivate var chipText: String {
        guard let name = names.first, certainty != "unknown" else { return driver == nil ? "unknown" : "held" }
        return certainty == "likely" && sensors.isEmpty ? "\(name)?" : name
    }

    /// What stands in the first row: values, then everything else there is to say.
    fileprivate var says: [String] {
        var parts: [String] = []
        let values = sensors.first.map(values(of:)) ?? readings.shortText
        if !values.isEmpty { parts.append(values) }
        if let driver { parts.append("the kernel driver \(driver) holds it") }
        if certainty == "unknown", !names.isEmpty { parts.append("perhaps \(names.joined(separator: " or "))") }
        if chip == nil, driver == nil, certainty != "unknown", certainty != nil { parts.append("not read by picli") }
        if let resolution { parts.append("\(resolution) bits") }
        if parasitePowered == true { parts.append("powered by its data wire") }
        // What the site file says needs no doubts about what it is.
        if let note, sensors.isEmpty || certainty != "likely" { parts.append(note) }
        return parts
    }

    fileprivate func values(of sensor: String) -> String {
        readings.filter { $0.metric.subject == sensor }.shortText
    }
}

extension [Reading] {
    /// `21.44 °C, 41.2 %`; a reason that all have in common is said once.
    var shortText: String {
        // How a clamp was sampled is for --verbose and the page, where it has a name: bare, it would be taken for the mains'.
        let readings = filter { ![.sampleRate, .clipping].contains($0.metric.quantity) }
        let texts = readings.map(\.shortText)
        let isOneReason = readings.allSatisfy { $0.noData != nil } && Set(texts).count == 1
        return (isOneReason ? [String](texts.prefix(1)) : texts).joined(separator: ", ")
    }
}

extension [Reading] {
    /// The same, where nothing else says that it is simulated.
    var markedText: String { shortText + (contains { $0.metric.isSimulated } ? " (simulated)" : "") }
}

extension Reading {
    /// `21.44 °C`, or `no data: the bus failed`.
    fileprivate var shortText: String {
        switch outcome {
        case .value(let value):
            let (number, unit) = Numeral.scaled(value, metric.unit)
            return unit.isEmpty ? number : "\(number) \(unit)"
        case .noData(let noData): return "no data: \(noData.reason.words)"
        }
    }
}
