public import Site

/// What is on the buses of a machine, beside what its site file says.
public struct ScanReport: Hashable, Sendable, Encodable {
    public var schema = 1
    /// True when the buses were simulated.
    public let simulated: Bool
    public let buses: [ScannedBus]
    /// What of the site file gave no value.
    public let missing: [MissingSensor]
    /// Lines for what is not in the site file.
    public let proposals: [ProposedLine]
}

/// One bus.
public struct ScannedBus: Hashable, Sendable, Encodable {
    public enum Kind: String, Sendable, Encodable {
        case i2c
        case oneWire
    }

    public let kind: Kind
    /// Of an I2C bus: 1 is `/dev/i2c-1`.
    public let bus: Int?
    /// For people: `/dev/i2c-1`, `1-Wire`.
    public let name: String
    /// Why nothing can be said of it.
    public let fault: String?
    public let found: [FoundDevice]
}

/// One device that answers, or is held.
public struct FoundDevice: Hashable, Sendable, Encodable {
    /// `0x48`, `28-0000075ff6b1`.
    public let address: String
    /// As in the site file; left out when picli does not read it.
    public let chip: String?
    /// Part numbers, the likeliest first.
    public let names: [String]
    /// `certain`, `likely` or `unknown`; left out when it was not asked.
    public let certainty: String?
    /// The kernel driver that holds it.
    public let driver: String?
    public let note: String?
    /// Ids of the site file.
    public let sensors: [String]
    /// Of a 1-Wire thermometer: bits.
    public let resolution: Int?
    /// Of a 1-Wire thermometer: no supply wire.
    public let parasitePowered: Bool?
    /// What it measures now, if picli reads it.
    public let readings: [Reading]
}

/// A sensor of the site file that gave no value.
public struct MissingSensor: Hashable, Sendable, Encodable {
    public let id: String
    public let chip: String
    public let place: String
    public let reason: String
}

/// A line for the site file.
public struct ProposedLine: Hashable, Sendable, Encodable {
    public let id: String
    public let line: String
}

extension SensorChip {
    /// Where it sits, for people: `28-0000075ff6b1`, `i2c-1 0x48 AIN1-GND`.
    public var place: String {
        switch self {
        case .ds18b20(let address): return address
        case .ads1115(let location, let channel):
            return "i2c-\(location.bus) \(location.addressText) \(channel.input.rawValue)"
        default: return location.map { "i2c-\($0.bus) \($0.addressText)" } ?? ""
        }
    }
}
