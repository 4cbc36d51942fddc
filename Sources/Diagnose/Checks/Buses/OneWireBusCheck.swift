import Hardware
import Site

/// The 1-Wire bus itself.
struct OneWireBusCheck: Check {
    let id = "buses.onewire"
    let title = "the 1-Wire bus works"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        withBuses(facts) { buses in
            guard let slaves = buses.slaves else { return [.skipped("the site file has no sensor on 1-Wire")] }
            switch slaves {
            case .failure(let error):
                return [
                    .fail(
                        error.sentence.prefix(1).uppercased() + error.sentence.dropFirst() + ".",
                        cause: "The bus is not there.", do: "switch it on in config.txt",
                        type: "picli provision check-boot", after: [.init("boot.config"), .init("boot.reboot")])
                ]
            case .success(let slaves): return [judge(slaves, buses.readings, facts)]
            }
        }
    }

    private func judge(_ slaves: [String], _ readings: [Reading], _ facts: Facts) -> Judgement {
        let expected = facts.enabledSensors.filter { $0.chip.location == nil }
        let silent = expected.filter { sensor in
            let own = readings.filter { $0.metric.subject == sensor.id }
            return own.allSatisfy { $0.value == nil && $0.noData?.reason != .outOfRange }
        }
        if slaves.contains(where: { $0.hasPrefix("00-") }) {
            return .fail(
                "The 1-Wire bus reads noise: slaves that are none.", cause: "The pull-up resistor is missing.",
                do: "put 4.7 kΩ between data (pin 7) and 3.3 V (pin 1)", type: "picli sensors scan")
        }
        if expected.count > 1, silent.count == expected.count {
            return .fail(
                "None of the \(expected.count) probes on 1-Wire answers.",
                cause:
                    "What they share is at fault: the wire is broken or has a short, or the pull-up resistor is missing.",
                do: "check data (pin 7), 3.3 V and ground, and the 4.7 kΩ between data and 3.3 V",
                type: "picli sensors scan",
                after: [
                    .init("power.voltage"), .init("boot.config"), .init("boot.reboot"), .init("services.answer"),
                ])
        }
        return .ok("\(slaves.count) devices are on the 1-Wire bus.")
    }
}
