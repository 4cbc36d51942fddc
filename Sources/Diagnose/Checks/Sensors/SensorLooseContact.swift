import Site

/// Sensors that come and go.
struct SensorLooseContact: Check {
    let id = "sensors.contact"
    let title = "no sensor comes and goes"
    let needs: Set<Probe> = [.history]

    /// Once it is pulled out and plugged in, or twice, is somebody at work.
    private static let most = 4

    func judge(_ facts: Facts) -> [Judgement] {
        withStored(facts.history) { histories in
            let loose = facts.enabledSensors.compactMap { sensor -> Judgement? in
                guard let history = histories.first(where: { $0.metric.subject == sensor.id }),
                    history.gaps > Self.most,
                    !history.values.isEmpty
                else { return nil }
                return .warn(
                    "\(sensor.name) has come and gone \(history.gaps) times in the last ten minutes.", sensor.id,
                    cause: "A contact is loose, or its supply sags.", do: "press its plug in, and move the cable",
                    type: "picli diagnose --watch --only sensors",
                    after: Sensor.deeper(sensor) + [
                        .init("sensors.present", sensor.id), .init("sensors.answer", sensor.id),
                    ])
            }
            return loose.isEmpty ? [.ok("No sensor has come and gone in the last ten minutes.")] : loose
        }
    }
}
