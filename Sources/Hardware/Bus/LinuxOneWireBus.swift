import Glibc
import Platform

/// The kernel's 1-Wire buses through sysfs (Documentation/w1/slaves/w1_therm.rst).
public final class LinuxOneWireBus: OneWireBus {
    private let devices: String

    /// - Parameter sys: Where sysfs is mounted.
    public init(sys: String = "/sys") { devices = "\(sys)/bus/w1/devices" }

    public func slaves() throws(HardwareError) -> [String] {
        let names = entries()
        guard names.contains(where: { $0.hasPrefix(Self.master) }) else {
            throw HardwareError(
                .busError,
                """
                there is no 1-Wire bus: add dtoverlay=w1-gpio,gpiopin=4 to /boot/firmware/config.txt and restart, \
                or load the module w1-gpio
                """)
        }
        return names.filter { DS18B20.isAddress($0) }.sorted()
    }

    public func read(_ attribute: OneWireAttribute, of slave: String) throws(HardwareError) -> [UInt8] {
        guard DS18B20.isAddress(slave) else {
            throw HardwareError(.notPresent, "\(slave) is no 1-Wire address: write it like 28-0000075ff6b1")
        }
        let bytes = try readOnce(attribute, of: slave)
        guard bytes.isEmpty, attribute == .scratchpad, waitForOthersConversion() else { return bytes }
        return try readOnce(attribute, of: slave)
    }

    private func readOnce(_ attribute: OneWireAttribute, of slave: String) throws(HardwareError) -> [UInt8] {
        let path = "\(devices)/\(slave)/\(attribute.rawValue)"
        do {
            return try Descriptor(opening: path, O_RDONLY).read(upTo: 4096)
        } catch {
            switch error.number {
            case EIO, ENODATA, EAGAIN:
                // Driver versions differ: a failed conversion is an error here and an empty file there.
                return []
            case ENOENT, ENODEV, ENXIO:
                throw try absence(of: slave)
            case EACCES, EPERM:
                throw HardwareError(.busError, "no permission to read \(path)")
            case ETIMEDOUT:
                throw HardwareError(.timeout, "\(slave) did not end its conversion in time")
            default:
                throw HardwareError(.busError, "\(path) cannot be read: \(error.reason)")
            }
        }
    }

    public func convertAll() -> BulkConversion {
        var reasons: [String] = []
        var isConverted = false
        for path in bulkFiles() {
            do {
                // Exactly these 8 bytes: w1_therm compares the length too. The write returns after the conversion.
                try Descriptor(opening: path, O_WRONLY).write("trigger\n")
                if waitForResults(path) { isConverted = true } else { reasons.append("\(path) shows no conversion") }
            } catch {
                reasons.append("\(path): \(error)")
            }
        }
        if isConverted { return .converted }
        return .unavailable(reasons.first ?? "the driver has no therm_bulk_read")
    }

    public var hasUnreadConversions: Bool { bulkFiles().contains { state(of: $0) == 1 } }

    private static let master = "w1_bus_master"

    /// `therm_bulk_read` of each bus master that offers it.
    private func bulkFiles() -> [String] {
        entries().filter { $0.hasPrefix(Self.master) }.sorted()
            .map { "\(devices)/\($0)/therm_bulk_read" }
            .filter { access($0, F_OK) == 0 }
    }

    /// False when the trigger started nothing.
    ///
    /// While another program's conversion runs, reads would be empty.
    private func waitForResults(_ path: String) -> Bool {
        for _ in 0..<100 {
            switch state(of: path) {
            case -1: usleep(20_000)
            case 1: return true
            default: return false
            }
        }
        return false
    }

    /// Waits for the end of a conversion that another program started, in which the driver answers with 0 bytes.
    ///
    /// - Returns: False when there was none, so that it is no reason for silence.
    private func waitForOthersConversion() -> Bool {
        let files = bulkFiles()
        guard files.contains(where: { state(of: $0) == -1 }) else { return false }
        // w1_therm notifies nobody of the end (no sysfs_notify), so that its state has to be asked for.
        for _ in 0..<100 where files.contains(where: { state(of: $0) == -1 }) { usleep(20_000) }
        return true
    }

    /// −1 converting, 1 results not yet read, 0 nothing; nil when it cannot be read.
    private func state(of path: String) -> Int? {
        guard let bytes = try? Descriptor(opening: path, O_RDONLY).read(upTo: 16) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return Int(text.prefix { !$0.isWhitespace })
    }

    private func absence(of slave: String) throws(HardwareError) -> HardwareError {
        let seen = try slaves()
        if seen.contains(slave) {
            return HardwareError(.busError, "\(slave) has no thermometer driver: load the module w1_therm")
        }
        let others = seen.isEmpty ? "no probe is" : "there are \(seen.joined(separator: ", "))"
        return HardwareError(.notPresent, "\(slave) is not on the 1-Wire bus (\(others)): check its plug and wires")
    }

    private func entries() -> [String] { (try? SmallFile.names(in: devices)) ?? [] }
}
