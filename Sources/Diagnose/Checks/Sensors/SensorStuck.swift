import Site

/// Values that have not moved for hours.
struct SensorStuck: Check {
    let id = "sensors.stuck"
    let title = "no sensor is stuck at one value"
    let needs: Set<Probe> = [.history]

    /// Values, and the time that they have to cover in milliseconds: a quiet night is no fault.
    private static let least = 300
    private static let shortest: Int64 = 5 * 3_600_000

    func judge(_ facts: Facts) -> [Judgement] {
        withStored(facts.history) { histories in
            let stuck = facts.enabledSensors.compactMap { sensor -> Judgement? in
                guard let history = histories.first(where: { $0.metric.subject == sensor.id }),
                    history.count >= Self.least, history.span >= Self.shortest, let low = history.low,
                    low == history.high,
                    // A load that is off is exactly nothing for hours.
                    low != 0
                else { return nil }
                return .warn(
                    "\(sensor.name) has said \(low.shown) \(history.metric.unit.rawValue) for \(history.span.shownTime), \(history.count) times the same.",
                    sensor.id, cause: "No real value stands so still: it repeats an old one.",
                    do: "unplug it and plug it in again", type: "picli sensors read \(sensor.id) --verbose",
                    after: Sensor.deeper(sensor))
            }
            return stuck.isEmpty ? [.ok("Every value moves.")] : stuck
        }
    }
}
