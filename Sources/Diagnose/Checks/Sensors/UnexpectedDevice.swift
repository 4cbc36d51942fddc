import Hardware
import Site

/// Sensors that are wired and that the site file does not name.
struct UnexpectedDevice: Check {
    let id = "sensors.unexpected"
    let title = "nothing is wired that the site file does not name"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        withBuses(facts) { buses in
            guard buses.i2c.contains(where: { $0.fault == nil }) || (try? buses.slaves?.get()) != nil else {
                return [.skipped(BusFacts.nobodyRead)]
            }
            let probes = Self.probes(facts, buses)
            let chips = Self.chips(facts, buses)
            guard !(probes + chips).isEmpty else { return [.ok("Nothing is wired that the site file does not name.")] }
            // Of a probe that took the place of another one, that check has told already.
            let deeper = facts.enabledSensors.filter { $0.chip.location == nil }.map {
                Judgement.Deeper("sensors.present", $0.id)
            }
            return [
                .warn(
                    "Wired, and not in the site file: \((probes + chips).joined(separator: ", ")).",
                    cause: "What it measures is not recorded.", do: "add the lines that the scan proposes",
                    type: "picli sensors scan", after: chips.isEmpty ? deeper : [])
            ]
        }
    }

    static func probes(_ facts: Facts, _ buses: BusFacts) -> [String] {
        let known = (facts.site.value?.sensors ?? []).compactMap { sensor in
            if case .ds18b20(let address) = sensor.chip { address } else { nil }
        }
        return ((try? buses.slaves?.get()) ?? []).filter { $0.hasPrefix("28-") && !known.contains($0) }
    }

    /// Chips that picli reads, and that have said themselves who they are.
    private static func chips(_ facts: Facts, _ buses: BusFacts) -> [String] {
        let expanders = (facts.site.value?.relays ?? []).compactMap { relay in
            if case .expander(let pin) = relay.output { pin.location } else { nil }
        }
        let known = Set((facts.site.value?.sensors ?? []).compactMap(\.chip.location) + expanders)
        return buses.i2c.flatMap { bus in
            bus.answers.sorted { $0.key < $1.key }.compactMap { address, answer in
                let location = I2CLocation(bus: bus.number, address: address)
                guard case .chip(let identity) = answer, identity.certainty == .certain, let chip = identity.chip,
                    !known.contains(location)
                else { return nil }
                return "\(chip.partName) at i2c-\(bus.number) \(location.addressText)"
            }
        }
    }
}
