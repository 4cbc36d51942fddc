import Site

/// Values that jump more than their kind can.
struct SensorNoise: Check {
    let id = "sensors.noise"
    let title = "no sensor jumps about"
    let needs: Set<Probe> = [.history]

    /// From one value to the next, by the kind of the value.
    private static func jump(_ metric: Metric) -> Double? {
        switch metric.quantity {
        case .temperature: 8
        case .humidity: 25
        case .pressure: 8
        default: nil
        }
    }

    func judge(_ facts: Facts) -> [Judgement] {
        withStored(facts.history) { histories in
            let noisy = facts.enabledSensors.compactMap { sensor -> Judgement? in
                guard let history = histories.first(where: { $0.metric.subject == sensor.id }),
                    let limit = Self.jump(history.metric), history.values.count > 5
                else { return nil }
                let jumps = zip(history.values, history.values.dropFirst()).count { abs($0 - $1) > limit }
                guard jumps > 3 else { return nil }
                return .warn(
                    "\(sensor.name) has jumped \(jumps) times in ten minutes by more than \(limit.shown) \(history.metric.unit.rawValue).",
                    sensor.id, cause: "A wire is loose or too long, or something strong switches beside it.",
                    do: "check its ground wire, and lay its cable away from power lines",
                    type: "picli readings query \(sensor.id) --since 10m --step raw",
                    after: Sensor.deeper(sensor) + [.init("sensors.plausible", sensor.id)])
            }
            return noisy.isEmpty ? [.ok("No value jumps about.")] : noisy
        }
    }
}
