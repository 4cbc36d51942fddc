import Hardware
import Site

/// The I2C buses themselves.
struct I2CBusCheck: Check {
    let id = "buses.i2c"
    let title = "the I²C buses work"
    let needs: Set<Probe> = [.buses]

    func judge(_ facts: Facts) -> [Judgement] {
        withI2C(facts) { buses in buses.i2c.map { judge($0, facts) } }
    }

    private func judge(_ bus: BusFacts.I2C, _ facts: Facts) -> Judgement {
        let name = "i2c-\(bus.number)"
        if let fault = bus.fault { return broken(name, fault) }
        let expected = Set(
            (facts.site.value?.sensors ?? []).filter(\.isEnabled).compactMap(\.chip.location)
                .filter { $0.bus == bus.number }.map(\.address))
        let answering = bus.answers.count { if case .failure = $0.value { false } else { true } }
        if expected.count > 1, bus.answers.isEmpty {
            return .fail(
                "Nobody answers on \(name), where \(expected.count) chips are expected.", name,
                cause: "The cable of the bus is off, its supply is gone, or its pull-up resistors are missing.",
                do: "check 3.3 V, ground, SDA (pin 3) and SCL (pin 5) at the first chip", type: "picli sensors scan",
                after: Self.deeper)
        }
        return .ok("\(name) works, and \(answering) chips answer.", name)
    }

    private static let deeper: [Judgement.Deeper] = [
        .init("power.voltage"), .init("boot.config"), .init("boot.reboot"),
        // A unit that hangs may have the bus.
        .init("services.answer"),
    ]

    private func broken(_ name: String, _ fault: HardwareError) -> Judgement {
        let sentence = fault.sentence
        if sentence.contains("permission") || sentence.contains("group i2c") { return .skipped(sentence, name) }
        if fault.kind == .timeout || sentence.contains("has held") {
            return .fail(
                "\(name) is stuck: no transfer ends.", name,
                cause: "A chip holds the clock line, or SDA or SCL has a short.",
                do: "unplug the chips one after the other until it works",
                type: "picli diagnose --watch --only buses", after: Self.deeper)
        }
        return .fail(
            sentence.first.map { $0.uppercased() + sentence.dropFirst() + "." } ?? "\(name) does not work.", name,
            cause: sentence.contains("SDA") ? "The data line is held low." : "The bus is not there.",
            do: sentence.contains("SDA") ? "check SDA for a short to ground" : "switch it on in config.txt",
            type: sentence.contains("SDA") ? "picli diagnose --watch --only buses" : "picli provision check-boot",
            after: Self.deeper)
    }
}

extension SensorConfiguration {
    /// For sentences: `the ads1115 at i2c-1 0x48`, `the probe 28-0000075ff6b1`.
    var place: String {
        switch chip {
        case .ds18b20(let address): "the probe \(address)"
        default: chip.location.map { "the \(chip.word) at i2c-\($0.bus) \($0.addressText)" } ?? chip.word
        }
    }
}

extension Facts {
    var enabledSensors: [SensorConfiguration] { site.value?.sensors.filter(\.isEnabled) ?? [] }
}
