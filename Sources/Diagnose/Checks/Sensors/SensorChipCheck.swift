import Hardware
import Site

/// Whether the chip at an address is the one that the site file expects.
struct SensorChipCheck: Check {
    let id = "sensors.chip"
    let title = "at each address sits the chip that the site file names"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        withI2C(facts) { buses in
            guard buses.i2c.contains(where: { $0.fault == nil }) else { return [.skipped(BusFacts.nobodyRead)] }
            let wrong = facts.enabledSensors.compactMap { sensor in other(than: sensor, buses) }
            return wrong.isEmpty ? [.ok("Every chip that answers is the expected one.")] : wrong
        }
    }

    private func other(than sensor: SensorConfiguration, _ buses: BusFacts) -> Judgement? {
        guard let location = sensor.chip.location,
            case .chip(let identity)? = buses.i2c.first(where: { $0.number == location.bus })?
                .answers[location.address],
            identity.certainty == .certain, let first = identity.names.first,
            identity.chip.map({ $0.rawValue != sensor.chip.word }) ?? true
        else { return nil }
        // AHT10 and AHT20 are read the same way, and are told apart by a checksum only.
        if let chip = identity.chip, [.aht10, .aht20].contains(chip), ["aht10", "aht20"].contains(sensor.chip.word) {
            return nil
        }
        return .fail(
            "At i2c-\(location.bus) \(location.addressText) sits \(first), and the site file expects \(sensor.chip.word).",
            sensor.id, cause: "Two chips have been given one address, or another part was wired.",
            do: "change the address of one, or its line in the site file", type: "picli sensors scan")
    }
}
