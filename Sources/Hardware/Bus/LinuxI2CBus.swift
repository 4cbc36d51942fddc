import CI2C
import Glibc
import Platform

/// An I2C bus of the kernel through i2c-dev: `/dev/i2c-N`.
///
/// It opens the device with the first transfer, and again when the adapter went and came back (USB).
public final class LinuxI2CBus: I2CBus {
    public let name: String
    private let number: Int
    private let sys: String
    private var file: OpenBus?
    private var isExclusive = false

    /// How long `exclusively` waits for another program; a reading of a current clamp takes up to 0.6 s.
    public static let patience = Duration.seconds(2)

    /// - Parameters:
    ///   - number: 1 is `/dev/i2c-1`.
    ///   - dev: The device folder.
    ///   - sys: Where sysfs is mounted; names the driver that holds a chip.
    public init(number: Int, dev: String = "/dev", sys: String = "/sys") {
        self.number = number
        self.sys = sys
        name = "\(dev)/i2c-\(number)"
    }

    public func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        let bus = try open()
        try claim(address, on: bus)
        var output = write
        var input = [UInt8](repeating: 0, count: count)
        let result = ci2c_transfer(
            bus.descriptor.number, UInt16(address), &output, UInt16(write.count), &input, UInt16(count))
        guard result == 0 else {
            // Next time from the start: the adapter may have gone, a driver may have come.
            file = nil
            throw failure(-result, address: address)
        }
        return input
    }

    public var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    public func pause(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard duration > .zero else { return }
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // Nothing interrupts it: the threads of `BlockingExecutor` take no signals.
        nanosleep(&time, nil)
    }

    public func exclusively<Success>(
        _ body: () throws(HardwareError) -> Success
    ) throws(HardwareError) -> Success {
        guard !isExclusive else { return try body() }
        // Held here until the end: a transfer that fails gives up the open file, and must not give up the lock.
        let bus = try open()
        try lock(bus)
        isExclusive = true
        defer {
            isExclusive = false
            flock(bus.descriptor.number, LOCK_UN)
        }
        return try body()
    }

    /// The bus by flock(2), after a place in the queue by a lock of another kind on the same file.
    ///
    /// So whoever has just read goes behind whoever waits. Both locks end with the process, however that ends.
    private func lock(_ bus: OpenBus) throws(HardwareError) {
        let number = bus.descriptor.number
        let end = now + Self.patience
        try wait(until: end) { -ci2c_queue(number, Int16(F_WRLCK)) }
        defer { _ = ci2c_queue(number, Int16(F_UNLCK)) }
        try wait(until: end) { flock(number, LOCK_EX | LOCK_NB) == 0 ? 0 : errno }
    }

    /// - Parameter attempt: Gives 0, or an errno.
    private func wait(until end: Duration, _ attempt: () -> Int32) throws(HardwareError) {
        // A file system without locks is no reason not to measure.
        while [EAGAIN, EACCES, EINTR].contains(attempt()) {
            guard now < end else {
                throw HardwareError(
                    .busError,
                    "another program has held \(name) for \(Self.patience.components.seconds) s: end it, or try again")
            }
            pause(for: .milliseconds(1))
        }
    }

    private final class OpenBus {
        let descriptor: Descriptor
        var claimed: Set<UInt8> = []

        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }

    private func open() throws(HardwareError) -> OpenBus {
        if let file { return file }
        do {
            let bus = OpenBus(try Descriptor(opening: name, O_RDWR))
            // Less than any deadline of a caller; a missing chip answers in microseconds anyway.
            _ = ci2c_set_timeout(bus.descriptor.number, 25)
            file = bus
            return bus
        } catch {
            throw failureToOpen(error)
        }
    }

    /// I2C_RDWR works beside a kernel driver; only I2C_SLAVE tells that one is bound, with EBUSY.
    ///
    /// Two masters of one chip would get each other's conversions.
    private func claim(_ address: UInt8, on bus: OpenBus) throws(HardwareError) {
        guard !bus.claimed.contains(address) else { return }
        let result = ci2c_claim(bus.descriptor.number, UInt16(address))
        guard result == 0 else {
            guard result == -EBUSY else { throw failure(-result, address: address) }
            let driver = driver(holding: address).map { "the kernel driver \($0)" } ?? "a kernel driver"
            throw HardwareError(
                .busError,
                "\(driver) holds \(place(address)): remove its dtoverlay from /boot/firmware/config.txt and restart")
        }
        bus.claimed.insert(address)
    }

    /// The name of the driver that is bound, by the link `/sys/bus/i2c/devices/1-0048/driver`.
    public func driver(holding address: UInt8) -> String? {
        let digits = hex(address, digits: 4).dropFirst(2)
        guard let path = realpath("\(sys)/bus/i2c/devices/\(number)-\(digits)/driver", nil) else { return nil }
        defer { free(path) }
        return String(cString: path).split(separator: "/").last.map(String.init)
    }

    private func failureToOpen(_ error: SystemError) -> HardwareError {
        switch error.number {
        case ENOENT, ENODEV, ENXIO:
            HardwareError(
                .busError,
                """
                \(name) is not there: enable I2C (dtparam=i2c_arm=on in /boot/firmware/config.txt, then restart), \
                or load the module i2c-dev
                """)
        case EACCES, EPERM:
            HardwareError(
                .busError, "no permission for \(name): the user of this process must be in the group i2c")
        default:
            HardwareError(.busError, "\(name) cannot be opened: \(error.reason)")
        }
    }

    /// The errors of i2c-bcm2835, i2c-designware and i2c-gpio (Documentation/i2c/fault-codes.rst).
    private func failure(_ code: Int32, address: UInt8) -> HardwareError {
        switch code {
        case EREMOTEIO, ENXIO:
            HardwareError(
                .notPresent, "nothing answers at \(place(address)): check its wires, its supply and its address pins")
        case ETIMEDOUT:
            HardwareError(
                .timeout,
                "no end of a transfer with \(place(address)): a chip holds the clock line; check SDA and SCL for a short"
            )
        case EOPNOTSUPP:
            HardwareError(.busError, "\(name) cannot do combined transfers: use another adapter")
        default:
            HardwareError(
                .busError,
                "\(name) failed (\(SystemError(code, "transfer").reason)): check SDA and SCL for a short, and the pull-up resistors"
            )
        }
    }
}
