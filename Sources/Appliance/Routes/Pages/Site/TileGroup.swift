import Site

/// The part of the page that a subject belongs to, in the order shown.
enum TileGroup: Int, CaseIterable, Comparable, Hashable, Sendable {
    case power
    case climate
    case loads
    case relays
    case inputs
    case network
    case board
    case storage
    case other
    case collectors

    var title: String {
        switch self {
        case .power: "Power"
        case .climate: "Climate"
        case .loads: "Loads"
        case .relays: "Relays"
        case .inputs: "Inputs"
        case .network: "Network"
        case .board: "Board"
        case .storage: "Storage"
        case .other: "Other"
        case .collectors: "Collectors"
        }
    }

    static func < (left: TileGroup, right: TileGroup) -> Bool { left.rawValue < right.rawValue }

    /// Where a sensor belongs by what it measures; a meter is a supply when its name says so, else a load.
    init(_ sensor: SensorConfiguration) {
        switch sensor.chip {
        case .ds18b20, .aht20, .aht10, .bme280: self = .climate
        case .ina260, .ina219, .ina226: self = Self.namesSupply(sensor) ? .power : .loads
        case .ads1115(_, let channel):
            switch channel.mode {
            case .clamp: self = Self.namesSupply(sensor) ? .power : .loads
            case .direct(_, let unit):
                self =
                    switch unit.rawValue {
                    case "V", "A", "W", "VA": .power
                    case "°C", "%": .climate
                    default: .inputs
                    }
            }
        }
    }

    private static func namesSupply(_ sensor: SensorConfiguration) -> Bool {
        let text = (sensor.id + " " + sensor.name).lowercased()
        return ["battery", "solar", "panel", "charger", "supply", "mains", "generator", "grid"].contains {
            text.contains($0)
        }
    }

    /// Where a metric belongs whose subject the site file does not name.
    init(unnamed metric: Metric) {
        let quantity = metric.quantity.rawValue
        self =
            switch metric.subject {
            case "collector": .collectors
            case Metric.relay: .relays
            case Metric.input, Metric.register: .inputs
            case "board" where quantity.hasPrefix("network_"): .network
            case "board"
            where quantity.hasPrefix("filesystem_") || quantity.hasPrefix("disk_") || quantity.hasPrefix("card_"):
                .storage
            case "board": .board
            case "footage", "drive": .storage
            default: .other
            }
    }
}
