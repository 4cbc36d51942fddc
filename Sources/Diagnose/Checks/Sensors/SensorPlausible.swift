import Site

/// Values that cannot be at a site.
struct SensorPlausible: Check {
    let id = "sensors.plausible"
    let title = "no sensor measures what cannot be"
    let needs: Set<Probe> = [.buses]

    /// What is possible in an enclosure on the earth, by the unit of the value.
    private static func range(_ metric: Metric) -> ClosedRange<Double>? {
        switch (metric.quantity, metric.unit) {
        case (.temperature, .celsius): -60...95
        case (.humidity, .percent): 0.5...100
        // From a high mountain to a high-pressure winter.
        case (.pressure, .hectopascal): 500...1090
        default: nil
        }
    }

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.buses) { buses in
            let sensors = facts.enabledSensors
            guard !sensors.isEmpty else { return [.skipped("the site file has no sensor")] }
            let wrong = sensors.compactMap { sensor in
                buses.readings.lazy.filter { $0.metric.subject == sensor.id }.compactMap { judge(sensor, $0) }.first
            }
            guard !buses.read(of: sensors).isEmpty else { return [.skipped(BusFacts.nobodyRead)] }
            return wrong.isEmpty ? [.ok("Every value is one that can be.")] : wrong
        }
    }

    private func judge(_ sensor: SensorConfiguration, _ reading: Reading) -> Judgement? {
        guard let value = reading.value else { return nil }
        if let range = Self.range(reading.metric), !range.contains(value) {
            return .fail(
                "\(sensor.name) measures \(value.shown) \(reading.metric.unit.rawValue), which cannot be.", sensor.id,
                cause: "It is broken, or water is in it.", do: "replace it",
                type: "picli sensors read \(sensor.id) --verbose", after: [.init("sensors.chip", sensor.id)])
        }
        guard case .ads1115(_, let channel) = sensor.chip, case .direct(let scale, _) = channel.mode, scale != 0 else {
            return nil
        }
        // Calibrated values are taken back to what stands at the pins.
        let volts =
            (value - sensor.calibration.offset) / (sensor.calibration.gain == 0 ? 1 : sensor.calibration.gain) / scale
        let top = min(channel.range, channel.vdd)
        guard abs(volts) >= top * 0.998 else { return nil }
        return .fail(
            "\(sensor.name) is at the end of its range: \(volts.shown) V at \(channel.input.rawValue).", sensor.id,
            cause: "A wire of its divider is off, or 'range' is too small.", do: "check the divider",
            type: "picli sensors read \(sensor.id) --verbose")
    }
}
