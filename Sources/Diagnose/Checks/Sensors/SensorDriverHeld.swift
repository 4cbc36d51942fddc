import Hardware
import Site

/// A driver of the kernel that has a chip of the site file.
struct SensorDriverHeld: Check {
    let id = "sensors.driver"
    let title = "no driver of the kernel holds a sensor"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        withI2C(facts) { buses in
            guard buses.i2c.contains(where: { $0.fault == nil }) else { return [.skipped(BusFacts.nobodyRead)] }
            let held = facts.enabledSensors.compactMap { sensor -> Judgement? in
                guard let location = sensor.chip.location,
                    case .held(let driver)? = buses.i2c.first(where: { $0.number == location.bus })?
                        .answers[location.address]
                else { return nil }
                return .fail(
                    "The kernel's driver \(driver) holds \(sensor.place).", sensor.id,
                    cause: "A dtoverlay of config.txt, or a module, has bound it: nobody else can have it.",
                    do: "remove its dtoverlay and restart", type: "picli provision check-boot",
                    after: [.init("boot.config")])
            }
            return held.isEmpty ? [.ok("No driver holds a sensor of the site file.")] : held
        }
    }
}
