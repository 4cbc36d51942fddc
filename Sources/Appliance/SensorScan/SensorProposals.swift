public import Hardware
public import Site

/// Entries of the site file for chips that are not in it yet.
public struct SensorProposals: Sendable {
    /// One entry, and what its owner must look at.
    public struct Proposal: Hashable, Sendable {
        public let sensor: SensorConfiguration
        /// Stands after `#`; nil where nothing has to be known that the chip cannot tell.
        public let comment: String?

        /// The line as it is pasted.
        public var line: String { sensor.line + (comment.map { "  # \($0)" } ?? "") }
    }

    private var taken: Set<String>

    /// - Parameter taken: Ids that are used already.
    public init(taken: Set<String>) { self.taken = taken }

    /// An entry for a 1-Wire thermometer.
    public mutating func proposals(forProbe address: String) -> [Proposal] {
        let number = (1...).first { !taken.contains("probe-\($0)") } ?? 1
        return [propose("probe-\(number)", .ds18b20(address: address))]
    }

    /// The entries for a chip on I2C: one, or one for each input.
    public mutating func proposals(for chip: ReadableChip, at location: I2CLocation) -> [Proposal] {
        switch chip {
        case .ds18b20: []
        case .aht10: [propose(id("air", location), .aht10(location))]
        case .aht20: [propose(id("air", location), .aht20(location))]
        case .bme280: [propose(id("weather", location), .bme280(location))]
        case .ina260: [propose(id("load", location), .ina260(location))]
        case .ina219:
            // The usual board: 0.1 ohm, and 320 mV is the most that the chip measures.
            [
                propose(
                    id("load", location), .ina219(location, .init(resistance: 0.1, maximum: 3.2)),
                    "check the resistor on the board: R100 is 0.1 ohm")
            ]
        case .ina226:
            // 81.92 mV is the most that the chip measures.
            [
                propose(
                    id("load", location), .ina226(location, .init(resistance: 0.1, maximum: 0.8)),
                    "check the resistor on the board: R100 is 0.1 ohm; R002 is 0.002, for max_current: 40")
            ]
        case .ads1115: inputs(of: location)
        }
    }

    /// Its four inputs against ground; who measures between two of them changes the line.
    private mutating func inputs(of location: I2CLocation) -> [Proposal] {
        let inputs: [ADS1115Channel.Input] = [.ain0, .ain1, .ain2, .ain3]
        return inputs.enumerated().map { number, input in
            propose(
                id("input", location) + "-ain\(number)",
                .ads1115(location, .init(input: input, range: 4.096, mode: .direct(scale: 1, unit: .volt))),
                "volts at the pin; set scale to that of your divider")
        }
    }

    private func id(_ what: String, _ location: I2CLocation) -> String {
        "\(what)-\(location.addressText)" + (location.bus == 1 ? "" : "-bus\(location.bus)")
    }

    private mutating func propose(_ wanted: String, _ chip: SensorChip, _ comment: String? = nil) -> Proposal {
        var id = wanted
        var number = 2
        while !taken.insert(id).inserted {
            id = "\(wanted)-\(number)"
            number += 1
        }
        return Proposal(sensor: SensorConfiguration(id: id, chip: chip), comment: comment)
    }
}
