extension Quantity {
    /// What this version knows of a quantity: how it behaves, what it means, and what its `@instance` names.
    public struct Definition: Sendable {
        public let kind: Kind
        /// One line for people and for Prometheus' `# HELP`.
        public let help: String
        /// The Prometheus label that carries the instance.
        public let instanceLabel: String?
    }

    /// nil for a quantity of another version: a gauge without help.
    public var definition: Definition? { Self.catalogue[rawValue] }

    private static let catalogue: [String: Definition] = [
        // Sensors of the site file.
        "temperature": .init(kind: .gauge, help: "Temperature.", instanceLabel: nil),
        "humidity": .init(kind: .gauge, help: "Relative humidity.", instanceLabel: nil),
        "pressure": .init(kind: .gauge, help: "Air pressure, not reduced to sea level.", instanceLabel: nil),
        "voltage": .init(kind: .gauge, help: "Voltage, mean over the measurement.", instanceLabel: nil),
        "current": .init(kind: .gauge, help: "Current; RMS where it is AC.", instanceLabel: nil),
        "power": .init(kind: .gauge, help: "Power.", instanceLabel: nil),
        "apparent_power": .init(
            kind: .gauge, help: "RMS current times the declared supply voltage.", instanceLabel: nil),
        "level": .init(kind: .gauge, help: "Scaled analogue input.", instanceLabel: nil),
        "sample_rate": .init(
            kind: .gauge, help: "Samples per second that the RMS measurement really got.", instanceLabel: nil),
        "clipping": .init(kind: .gauge, help: "Share of samples at the end of the range.", instanceLabel: nil),

        // The board itself.
        "under_voltage": .init(kind: .gauge, help: "1 while the supply is below its limit.", instanceLabel: nil),
        "under_voltage_since_boot": .init(
            kind: .gauge, help: "1 if the supply was below its limit since boot.", instanceLabel: nil),
        "throttled": .init(kind: .gauge, help: "1 while the processor is throttled.", instanceLabel: nil),
        "throttled_since_boot": .init(
            kind: .gauge, help: "1 if the processor was throttled since boot.", instanceLabel: nil),
        "load_1m": .init(kind: .gauge, help: "Load average over 1 minute.", instanceLabel: nil),
        "load_5m": .init(kind: .gauge, help: "Load average over 5 minutes.", instanceLabel: nil),
        "load_15m": .init(kind: .gauge, help: "Load average over 15 minutes.", instanceLabel: nil),
        "cpu_usage": .init(kind: .gauge, help: "Share of processor time in use, all cores.", instanceLabel: nil),
        "memory_total": .init(kind: .gauge, help: "Memory of the board.", instanceLabel: nil),
        "memory_available": .init(
            kind: .gauge, help: "Memory that programs can have without swapping.", instanceLabel: nil),
        "filesystem_size": .init(kind: .gauge, help: "Size of a file system.", instanceLabel: "mountpoint"),
        "filesystem_free": .init(
            kind: .gauge, help: "Space of a file system that services can use.", instanceLabel: "mountpoint"),
        "filesystem_read_only": .init(
            kind: .gauge, help: "1 when a file system is mounted read-only.", instanceLabel: "mountpoint"),
        "card_life_used": .init(
            kind: .gauge, help: "Estimated share of the card's life that is used.", instanceLabel: "device"),
        "card_reserve": .init(
            kind: .gauge, help: "Spare blocks of the card: 1 enough, 2 most are used, 3 nearly all are used.",
            instanceLabel: "device"),
        "disk_written": .init(kind: .counter, help: "Bytes written to a disk since boot.", instanceLabel: "device"),
        "disk_read": .init(kind: .counter, help: "Bytes read from a disk since boot.", instanceLabel: "device"),
        "network_received": .init(kind: .counter, help: "Bytes received.", instanceLabel: "interface"),
        "network_transmitted": .init(kind: .counter, help: "Bytes transmitted.", instanceLabel: "interface"),
        "network_receive_errors": .init(kind: .counter, help: "Receive errors.", instanceLabel: "interface"),
        "network_transmit_errors": .init(kind: .counter, help: "Transmit errors.", instanceLabel: "interface"),
        "network_link": .init(kind: .gauge, help: "1 while the link is up.", instanceLabel: "interface"),
        "uptime": .init(kind: .gauge, help: "Time since boot.", instanceLabel: nil),
        "gpu_temperature": .init(kind: .gauge, help: "Temperature of a graphics processor.", instanceLabel: "gpu"),
        "gpu_usage": .init(kind: .gauge, help: "Share of a graphics processor in use.", instanceLabel: "gpu"),
        "gpu_memory_used": .init(kind: .gauge, help: "Graphics memory in use.", instanceLabel: "gpu"),

        // Relays and inputs of the site file, which are the instance.
        "state": .init(kind: .gauge, help: "1 while it is on, 0 while it is off.", instanceLabel: nil),
        "count": .init(kind: .counter, help: "How often it came on.", instanceLabel: nil),
        "on_time": .init(kind: .counter, help: "How long it was on in all.", instanceLabel: nil),

        // Numbers that clients of another product's interface set; their id is the instance.
        "value": .init(kind: .gauge, help: "A number that clients set.", instanceLabel: nil),

        // The footage of the cameras.
        "newest_age": .init(
            kind: .gauge, help: "Time since a camera has finished a clip.", instanceLabel: "camera"),
        "kept": .init(kind: .gauge, help: "Age of the oldest clip.", instanceLabel: nil),
        "rate": .init(kind: .gauge, help: "What all cameras record, mean over a day at most.", instanceLabel: nil),
        "size": .init(kind: .gauge, help: "Size of all clips.", instanceLabel: nil),
        "clips": .init(kind: .gauge, help: "Number of clips.", instanceLabel: nil),
        "keeps": .init(
            kind: .gauge, help: "How long footage can be kept at the present rate.", instanceLabel: nil),
        "errors": .init(
            kind: .counter, help: "Commands that have failed since the drive was put in.", instanceLabel: nil),
        "busy": .init(kind: .gauge, help: "Share of the time in which the drive is at work.", instanceLabel: nil),
        "write_time": .init(kind: .gauge, help: "What a write to the drive takes, mean.", instanceLabel: nil),

        // Our own collectors.
        "duration": .init(kind: .gauge, help: "How long the last collection took.", instanceLabel: "collector"),
        "success": .init(
            kind: .gauge, help: "1 when every reading of the last collection has a value.",
            instanceLabel: "collector"),
        "missed_ticks": .init(
            kind: .counter, help: "Collections left out because the one before was not finished, or too late.",
            instanceLabel: "collector"),
    ]

    public static let temperature = Quantity(rawValue: "temperature")
    public static let humidity = Quantity(rawValue: "humidity")
    public static let pressure = Quantity(rawValue: "pressure")
    public static let voltage = Quantity(rawValue: "voltage")
    public static let current = Quantity(rawValue: "current")
    public static let power = Quantity(rawValue: "power")
    public static let apparentPower = Quantity(rawValue: "apparent_power")
    public static let level = Quantity(rawValue: "level")
    public static let sampleRate = Quantity(rawValue: "sample_rate")
    public static let clipping = Quantity(rawValue: "clipping")
    public static let state = Quantity(rawValue: "state")
    public static let count = Quantity(rawValue: "count")
    public static let onTime = Quantity(rawValue: "on_time")
    public static let value = Quantity(rawValue: "value")
    public static let newestAge = Quantity(rawValue: "newest_age")
    public static let kept = Quantity(rawValue: "kept")
    public static let rate = Quantity(rawValue: "rate")
    public static let size = Quantity(rawValue: "size")
    public static let clips = Quantity(rawValue: "clips")
    public static let keeps = Quantity(rawValue: "keeps")
    public static let errors = Quantity(rawValue: "errors")
    public static let busy = Quantity(rawValue: "busy")
    public static let writeTime = Quantity(rawValue: "write_time")
    public static let duration = Quantity(rawValue: "duration")
    public static let missedTicks = Quantity(rawValue: "missed_ticks")
    public static let success = Quantity(rawValue: "success")
}
