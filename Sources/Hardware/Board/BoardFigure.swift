/// One figure of the computer itself, as the kernel tells it.
///
/// A figure that this board does not have is not in the list at all; one that should be there and cannot be read
/// carries its fault. Nothing is ever filled in with 0.
public struct BoardFigure: Hashable, Sendable {
    /// What is told, with its unit: degrees Celsius, bytes, seconds, percent, or a number without a unit.
    public enum Quantity: String, Hashable, Sendable, CaseIterable {
        /// °C, of the processor.
        case temperature
        /// 1 while the supply is below its limit, else 0.
        case underVoltage = "under_voltage"
        case underVoltageSinceBoot = "under_voltage_since_boot"
        /// 1 while the firmware throttles the processor, else 0.
        case throttled
        case throttledSinceBoot = "throttled_since_boot"
        case load1m = "load_1m"
        case load5m = "load_5m"
        case load15m = "load_15m"
        /// Percent, all cores.
        case cpuUsage = "cpu_usage"
        /// Bytes.
        case memoryTotal = "memory_total"
        case memoryAvailable = "memory_available"
        /// Bytes; the instance is the mount point.
        case filesystemSize = "filesystem_size"
        case filesystemFree = "filesystem_free"
        case filesystemReadOnly = "filesystem_read_only"
        /// Percent; the instance is the disk.
        case cardLifeUsed = "card_life_used"
        /// Reserved blocks of the card: 1 normal, 2 most are used, 3 nearly all are used.
        case cardReserve = "card_reserve"
        /// Bytes since boot; the instance is the disk.
        case diskWritten = "disk_written"
        case diskRead = "disk_read"
        /// Bytes; the instance is the interface.
        case networkReceived = "network_received"
        case networkTransmitted = "network_transmitted"
        case networkReceiveErrors = "network_receive_errors"
        case networkTransmitErrors = "network_transmit_errors"
        /// 1 while the link is up, else 0.
        case networkLink = "network_link"
        /// Seconds.
        case uptime
        /// °C; the instance is the card.
        case gpuTemperature = "gpu_temperature"
        /// Percent.
        case gpuUsage = "gpu_usage"
        /// Bytes.
        case gpuMemoryUsed = "gpu_memory_used"
    }

    public let quantity: Quantity
    /// Which one of several: a mount point, a disk, an interface, a graphics card.
    public let instance: String?
    public let outcome: Result<Double, BoardFault>

    public init(_ quantity: Quantity, _ instance: String? = nil, _ outcome: Result<Double, BoardFault>) {
        self.quantity = quantity
        self.instance = instance
        self.outcome = outcome
    }

    init(_ quantity: Quantity, _ instance: String? = nil, value: Double) {
        self.init(quantity, instance, .success(value))
    }

    init(_ quantity: Quantity, _ instance: String? = nil, isOn: Bool) {
        self.init(quantity, instance, .success(isOn ? 1 : 0))
    }
}

/// Why a figure that the board has cannot be told.
public struct BoardFault: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The kernel refuses to tell.
        case unreadable
        /// The kernel's answer is not a number, or one that cannot be.
        case garbage
        /// No answer within the deadline.
        case hung
    }

    public let kind: Kind
    /// A sentence for people: which file, and what it said.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
