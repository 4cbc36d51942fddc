import Site

/// Sensors that are there and give no value.
struct SensorAnswers: Check {
    let id = "sensors.answer"
    let title = "every sensor that is there gives a value"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.buses) { buses in
            let sensors = facts.enabledSensors
            guard !sensors.isEmpty else { return [.skipped("the site file has no sensor")] }
            let silent = sensors.compactMap { sensor -> Judgement? in
                let own = buses.readings.filter { $0.metric.subject == sensor.id }
                guard
                    let noData = own.compactMap(\.noData).first(where: {
                        $0.reason != .notPresent && $0.reason != .disabled
                    })
                else { return nil }
                return judge(sensor, noData)
            }
            guard !buses.read(of: sensors).isEmpty else { return [.skipped(BusFacts.nobodyRead)] }
            return silent.isEmpty ? [.ok("Every sensor that is there gives a value.")] : silent
        }
    }

    private func judge(_ sensor: SensorConfiguration, _ noData: NoData) -> Judgement {
        let detail = noData.detail.map { ": \($0)" } ?? ""
        let (cause, action) =
            switch noData.reason {
            case .badChecksum where sensor.chip.location == nil:
                (
                    "It is unplugged, or what it sends is disturbed on the way.",
                    "check its plug; then shorten its cable, and lay it away from power lines"
                )
            case .badChecksum:
                ("What it sends is disturbed on the way.", "shorten its cable, and lay it away from power lines")
            case .timeout: ("It hangs, or holds the bus.", "unplug it and plug it in again")
            case .outOfRange:
                ("It loses its supply while it measures, or measures what it cannot.", "check its supply wire")
            default: ("Its bus fails while it is asked.", "check its wires")
            }
        return .fail(
            "\(sensor.name) gives no value (\(noData.reason.words))\(detail).", sensor.id, cause: cause, do: action,
            type: "picli sensors read \(sensor.id)",
            after: Sensor.deeper(sensor) + [Judgement.Deeper("sensors.present", sensor.id)])
    }
}
