import Site

/// Expected against found: whether every sensor of the site file is there.
struct SensorPresent: Check {
    let id = "sensors.present"
    let title = "every sensor of the site file is there"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.buses) { buses in
            let sensors = facts.enabledSensors
            guard !sensors.isEmpty else { return [.skipped("the site file has no sensor")] }
            let missing = sensors.compactMap { sensor in absence(of: sensor, facts, buses) }
            guard missing.isEmpty else { return missing }
            let read = buses.read(of: sensors)
            guard !read.isEmpty else { return [.skipped(BusFacts.nobodyRead)] }
            return [
                .ok(
                    read.count == sensors.count
                        ? "All \(sensors.count) sensors of the site file are there."
                        : "All \(read.count) sensors on buses that work are there.")
            ]
        }
    }

    private func absence(of sensor: SensorConfiguration, _ facts: Facts, _ buses: BusFacts) -> Judgement? {
        let own = buses.readings.filter { $0.metric.subject == sensor.id }
        guard !own.isEmpty else { return nil }
        let isAbsent = own.allSatisfy { $0.noData?.reason == .notPresent }
        let strangers = sensor.chip.location == nil ? UnexpectedDevice.probes(facts, buses) : []
        // As long as another probe answers the bus, the kernel does not tell an absent one from one that is disturbed.
        let isSilent = own.allSatisfy { [.notPresent, .badChecksum].contains($0.noData?.reason) }
        guard isAbsent || isSilent && strangers.count == 1 else { return nil }
        let swapped =
            strangers.count == 1 ? "A probe that the site file does not name is there instead: \(strangers[0])." : nil
        return .fail(
            "\(sensor.name) is not there: \(sensor.place) does not answer.", sensor.id,
            cause: swapped ?? "Its plug is out, a wire is off, or it has no supply.",
            do: swapped == nil
                ? "check its plug and its wires"
                : "when the probe was swapped, write \(strangers[0]) into the site file",
            type: "picli sensors scan", after: Sensor.deeper(sensor))
    }
}

/// What the checks of sensors have in common.
enum Sensor {
    /// What every fault of a sensor may follow from.
    static func deeper(_ sensor: SensorConfiguration) -> [Judgement.Deeper] {
        let bus: Judgement.Deeper =
            sensor.chip.location.map { .init("buses.i2c", "i2c-\($0.bus)") } ?? .init("buses.onewire")
        return [
            bus, .init("sensors.driver", sensor.id), .init("sensors.chip", sensor.id), .init("power.voltage"),
            .init("services.answer"),
        ]
    }
}
