import Site

extension SensorReadAnswer {
    func text(for terminal: Terminal) -> String {
        guard !sensors.isEmpty else { return "The site file has no sensors; 'picli sensors scan' proposes some.\n" }
        var table = Table([
            .init(title: "METRIC"), .init(title: "VALUE", alignment: .right), .init(title: "UNIT"),
            .init(title: "NOTE"),
        ])
        for sensor in sensors {
            var last: String?
            for reading in sensor.readings {
                table.append(row(reading, after: last))
                last = reading.noData?.detail
            }
        }
        let registers = sensors.filter { $0.registers?.isEmpty == false }.map { $0.registerText(for: terminal) }
        return ([table.text(for: terminal)] + registers).joined(separator: "\n")
    }

    /// - Parameter last: The reason in the row above: a long sentence is not said three times.
    private func row(_ reading: Reading, after last: String?) -> [String] {
        let note = reading.metric.isSimulated ? "simulated" : ""
        switch reading.outcome {
        case .value(let value):
            let (number, unit) = Numeral.scaled(value, reading.metric.unit)
            return [reading.metric.name, number, unit, note]
        case .noData(let noData):
            let detail = noData.detail == last && last != nil ? "the same" : noData.detail
            return [reading.metric.name, "no data", "", detail ?? noData.reason.words]
        }
    }

    /// One line, for where nothing can be drawn over: `2026-11-21 01:02:03Z  battery 12.71 V`.
    var line: String {
        guard !sensors.isEmpty else { return "The site file has no sensors; 'picli sensors scan' proposes some.\n" }
        let values = sensors.map { sensor in
            "\(sensor.id) \(sensor.readings.markedText)"
        }
        return ([WallText.second(time / 1000 * 1000)] + values).joined(separator: "  ") + "\n"
    }
}

extension SensorReadAnswer.Sensor {
    fileprivate func registerText(for terminal: Terminal) -> String {
        var table = Table([
            .init(title: "REGISTER"), .init(title: "ADDRESS"), .init(title: "HEX"), .init(title: "MEANING"),
        ])
        for register in registers ?? [] {
            let address = register.address.map { address in
                let digits = String(address, radix: 16)
                return "0x" + (digits.count < 2 ? "0" : "") + digits
            }
            // Blocks of coefficients are longer than a line.
            let hex = register.hex.count > 22 ? "\(register.hex.prefix(19))..." : register.hex
            table.append([register.name, address ?? "-", hex, register.meaning])
        }
        return "\(id), \(chip) at \(place):\n" + table.text(for: terminal)
    }
}
